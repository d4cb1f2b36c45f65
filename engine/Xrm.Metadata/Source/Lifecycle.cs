using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Xrm.Metadata.Source;

/// <summary>The states of a record and the ways between them. The state field changes through transitions only.</summary>
public sealed record Lifecycle
{
    /// <summary>Choice field that holds the state.</summary>
    public required string Field { get; init; }

    /// <summary>The permitted ways from state to state.</summary>
    public ImmutableArray<Transition> Transitions { get; init; } = [];
}

/// <summary>One permitted way from some states to another; a button in the form and an action in the API.</summary>
public sealed record Transition
{
    /// <summary>Name of the transition, unique in its entity.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>Text of the button; made from the name where missing.</summary>
    public string? Label { get; init; }

    /// <summary>States in which the transition is offered.</summary>
    public ImmutableArray<string> From { get; init; } = [];

    /// <summary>State that it leads to.</summary>
    public required string To { get; init; }

    /// <summary>Formula that must be true for the transition to be allowed.</summary>
    public string? When { get; init; }

    /// <summary>Roles that may use it; everybody who may update the record where empty.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];
}
