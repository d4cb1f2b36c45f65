using System.Collections.Immutable;

namespace Xrm.Data.Schema;

/// <summary>
/// A step in three parts, each of which needs its locks for a moment only: what is added is there before the model that uses it, and what is
/// removed goes after the model that used it.
/// </summary>
internal sealed record ChangeParts
{
    /// <summary>Before the publish, in a transaction of their own. The model in force does not notice them; what they make is marked as detached.</summary>
    public ImmutableArray<string> Before { get; init; } = [];

    /// <summary>In the transaction of the publish.</summary>
    public ImmutableArray<string> Within { get; init; } = [];

    /// <summary>After the publish, in a transaction of their own; nothing is wrong where they are never carried out.</summary>
    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>A table that <see cref="Before"/> changes besides its own; null for none.</summary>
    public string? OtherTable { get; init; }

    /// <summary>True where all steps come in parts, and none needs a name before another one gives it up.</summary>
    public static bool Has(IEnumerable<SchemaChange> changes)
    {
        var all = changes.ToList();
        var later = all.Where(change => change.Parts is { After.IsEmpty: false }).Select(change => change.Column).ToHashSet();
        return all.TrueForAll(change => change.IsDeferred || change.Parts is { } parts && (parts.Before.IsEmpty || change.Column is null || !later.Contains(change.Column)));
    }
}
