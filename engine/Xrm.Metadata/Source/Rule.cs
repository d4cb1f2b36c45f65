using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Xrm.Metadata.Source;

/// <summary>What happens inside the transaction of a save or delete: a script, or actions under a condition, which forms show at once.</summary>
public sealed record Rule
{
    /// <summary>Name of the rule, unique in its entity; errors name it.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>What people call the rule, where rules are listed; made from the name where missing.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// Events that start it: <c>create</c>, <c>update</c>, <c>delete</c>; for scripts also <c>transition</c>. Rules without a script may leave it out: create
    /// and update.
    /// </summary>
    [AllowedValues("create", "update", "delete", "transition"), MinLength(1)]
    public ImmutableArray<string> On { get; init; } = [];

    /// <summary>On update, run only when one of these fields changes; always where empty.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>On transition, run only for those of these names; for all where empty.</summary>
    public ImmutableArray<string> Transitions { get; init; } = [];

    /// <summary>
    /// When a script runs: <c>before</c> the record is written, in the save's own transaction; or <c>after</c> the save is committed, in a transaction of its
    /// own, tried again should it fail. Default <c>before</c>.
    /// </summary>
    [AllowedValues("before", "after")]
    public string Timing { get; init; } = "before";

    /// <summary>Formula that says when the actions of <c>then</c> hold, or when the script runs; always where missing.</summary>
    public string? When { get; init; }

    /// <summary>What the rule does, in order. A rule has either this or <c>script</c>.</summary>
    public ImmutableArray<RuleAction> Then { get; init; } = [];

    /// <summary>What it does while <c>when</c> is not true, in order.</summary>
    public ImmutableArray<RuleAction> Else { get; init; } = [];

    /// <summary>Script file under <c>rules/</c>: JavaScript (<c>.js</c>), or TypeScript (<c>.ts</c>) that <c>xrm build</c> has compiled.</summary>
    public string? Script { get; init; }

    /// <summary>
    /// With whose rights the script reads and changes other records: <c>caller</c>, who saves, or <c>system</c>, which may do everything. Default
    /// <c>caller</c>.
    /// </summary>
    [AllowedValues("caller", "system")]
    public string RunAs { get; init; } = "caller";

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
