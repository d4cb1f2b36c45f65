using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Metadata.Compiled;

/// <summary>A rule without a script: actions that hold while a condition is true, and others while it is not. Forms and the server run it alike.</summary>
/// <param name="When">The condition; null where it is always true.</param>
/// <param name="Then">What is done while it is true, in order.</param>
/// <param name="Else">What is done while it is not, in order.</param>
public sealed record Decision(Expression? When, ImmutableArray<DecisionAction> Then, ImmutableArray<DecisionAction> Else);

/// <summary>One thing that a rule without a script does.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Fields">With which fields; one for <see cref="DecisionKind.Set"/>, <see cref="DecisionKind.Default"/> and <see cref="DecisionKind.Limit"/>, one or none for messages.</param>
public sealed record DecisionAction(DecisionKind Kind, ImmutableArray<Field> Fields)
{
    /// <summary>The value of <see cref="DecisionKind.Set"/> and <see cref="DecisionKind.Default"/>; null for others.</summary>
    public Expression? To { get; init; }

    /// <summary>The options that <see cref="DecisionKind.Limit"/> leaves; empty for others.</summary>
    public ImmutableArray<JsonElement> Options { get; init; } = [];

    /// <summary>The text of a message; null for others.</summary>
    public string? Message { get; init; }
}

/// <summary>What an action does.</summary>
public enum DecisionKind
{
    /// <summary>The fields need a value.</summary>
    Require,

    /// <summary>People and clients cannot change the fields.</summary>
    Lock,

    /// <summary>Forms show the fields, and hide them while no rule shows them.</summary>
    Show,

    /// <summary>Forms hide the fields.</summary>
    Hide,

    /// <summary>Only some options of the field can be chosen.</summary>
    Limit,

    /// <summary>The field gets a value.</summary>
    Set,

    /// <summary>The field gets a value where it is empty.</summary>
    Default,

    /// <summary>The fields lose their value.</summary>
    Clear,

    /// <summary>A message that refuses the save.</summary>
    Error,

    /// <summary>A message that asks for attention.</summary>
    Warning,

    /// <summary>A message that is good to know.</summary>
    Info,
}
