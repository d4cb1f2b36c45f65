using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Xrm.Metadata.Source;

/// <summary>A script that runs inside the transaction of a save or delete.</summary>
public sealed record Rule
{
    /// <summary>Name of the rule, unique in its entity; errors name it.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>Events that start it: <c>create</c>, <c>update</c>, <c>delete</c>.</summary>
    [AllowedValues("create", "update", "delete"), MinLength(1)]
    public required ImmutableArray<string> On { get; init; }

    /// <summary>On update, run only when one of these fields changes; always where empty.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>Script file under <c>rules/</c>.</summary>
    public required string Script { get; init; }

    /// <summary>Rules run by ascending order, then in the order of the file. Default 0.</summary>
    public int Order { get; init; }
}

/// <summary>A condition that rejects a record.</summary>
public sealed record Validation
{
    /// <summary>Formula that is true for a wrong record.</summary>
    public required string When { get; init; }

    /// <summary>What to tell the person.</summary>
    public required string Message { get; init; }

    /// <summary>Fields to mark.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];
}
