using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Xrm.Metadata.Source;

/// <summary>One thing that a rule without a script does: exactly one of <c>require</c>, <c>lock</c>, <c>show</c>, <c>hide</c>, <c>limit</c>, <c>set</c>, <c>default</c>, <c>clear</c>, <c>message</c>.</summary>
public sealed record RuleAction
{
    /// <summary>Fields that need a value.</summary>
    public ImmutableArray<string> Require { get; init; } = [];

    /// <summary>Fields that people and API clients cannot change.</summary>
    public ImmutableArray<string> Lock { get; init; } = [];

    /// <summary>Fields that forms show, and hide while no rule shows them.</summary>
    public ImmutableArray<string> Show { get; init; } = [];

    /// <summary>Fields that forms hide.</summary>
    public ImmutableArray<string> Hide { get; init; } = [];

    /// <summary>Choice field of which only <c>options</c> can be chosen.</summary>
    public string? Limit { get; init; }

    /// <summary>limit: values of the options that are left.</summary>
    public ImmutableArray<JsonElement> Options { get; init; } = [];

    /// <summary>Field that gets the value of the formula <c>to</c>, whatever it had.</summary>
    public string? Set { get; init; }

    /// <summary>Field that gets the value of the formula <c>to</c> where it is empty and nobody has emptied it just now.</summary>
    public string? Default { get; init; }

    /// <summary>set, default: formula of the value; a text stands in quotes of its own: <c>"'high'"</c>.</summary>
    public string? To { get; init; }

    /// <summary>Fields that lose their value.</summary>
    public ImmutableArray<string> Clear { get; init; } = [];

    /// <summary>What to tell the person.</summary>
    public string? Message { get; init; }

    /// <summary>message: <c>error</c>, which refuses the save, <c>warning</c> or <c>info</c>. Default <c>warning</c>.</summary>
    [AllowedValues("error", "warning", "info")]
    public string? Kind { get; init; }

    /// <summary>message: field that it is about; the record as a whole where missing.</summary>
    public string? Field { get; init; }
}
