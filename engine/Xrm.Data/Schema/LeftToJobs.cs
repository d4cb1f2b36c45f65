using System.Collections.Immutable;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>Chooses which computed fields a publish leaves to jobs, because their tables have many records: see decision 15.</summary>
/// <param name="model">The model to come.</param>
/// <param name="stored">Its stored computed fields.</param>
/// <param name="before">The tables that are there, by the entity that they belong to in the end.</param>
internal sealed class LeftToJobs(Model model, StoredComputations stored, IReadOnlyDictionary<string, Table> before)
{
    /// <summary>Tables with more records than this are not computed within a publish.</summary>
    public const long ManyRows = 10_000;

    /// <summary>Marks the steps that are left to jobs.</summary>
    /// <param name="changes">All steps.</param>
    /// <param name="unfilled">Names of the fields that jobs of earlier publishes are still at, in the model in force.</param>
    /// <returns>The steps, and all fields whose columns are not filled after the publish.</returns>
    public (ImmutableArray<SchemaChange> Changes, ImmutableArray<Field> Unfilled) Choose(ImmutableArray<SchemaChange> changes, IReadOnlySet<string> unfilled)
    {
        var computed = changes.Where(change => change.Kind == ChangeKind.Recompute).ToDictionary(FieldOf);
        var left = unfilled.Count == 0 ? [] : model.Entities.SelectMany(entity => entity.Fields)
            .Where(field => stored.Hash(field) is not null && !computed.ContainsKey(field) && NamesOf(field).Any(unfilled.Contains)).ToHashSet();
        foreach (var field in stored.InOrder(computed.Keys))
            if (!IsInKey(field) && (HasMany(field, computed[field].Rows) || stored.Needs(field).Any(left.Contains))) left.Add(field);
        return ([.. changes.Select(change => change.Kind == ChangeKind.Recompute && left.Contains(FieldOf(change)) ? Leave(change) : change)], [.. left]);
    }

    /// <summary>What needs the values of a column at once, which a job is still at: an ordinary field that it becomes, or a key.</summary>
    /// <param name="changes">All steps.</param>
    /// <param name="unfilled">As of <see cref="Choose"/>.</param>
    public IEnumerable<Problem> Problems(ImmutableArray<SchemaChange> changes, IReadOnlySet<string> unfilled)
    {
        if (unfilled.Count == 0) return [];
        var computed = changes.Where(change => change.Kind == ChangeKind.Recompute).Select(FieldOf).ToHashSet();
        return model.Entities.SelectMany(entity => entity.Fields)
            .Where(field => stored.HasColumns(field) && !computed.Contains(field) && (stored.Hash(field) is null || IsInKey(field)) && NamesOf(field).Any(unfilled.Contains))
            .Select(SchemaProblems.ValuesPending);
    }

    private Field FieldOf(SchemaChange change) => model.FindEntity(change.Entity)!.FindColumn(change.Column!)!.Value.Field;

    private static SchemaChange Leave(SchemaChange change) => change with { IsLeftToJob = true, Risk = ChangeRisk.Safe, Parts = new ChangeParts { Within = change.Sql } };

    // Keys have to hold as soon as the model is in force.
    private static bool IsInKey(Field field) => field.Entity.Keys.Any(key => key.Fields.Contains(field));

    private bool HasMany(Field field, long rows)
    {
        if (rows == 0) return false;
        return rows > ManyRows || (field.Rollup is { } rollup && before.TryGetValue(rollup.Child.Name, out var counted) && counted.EstimatedRows > ManyRows);
    }

    /// <summary>What the field may be called in the model in force. That it is taken for another one, too, only makes a job more.</summary>
    private static IEnumerable<string> NamesOf(Field field) =>
        from entity in new[] { field.Entity.Name, field.Entity.Source.RenamedFrom }
        from name in new[] { field.Name, field.Source.RenamedFrom }
        where entity is not null && name is not null
        select $"{entity}.{name}";
}
