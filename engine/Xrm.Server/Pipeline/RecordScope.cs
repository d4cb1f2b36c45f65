using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline;

/// <summary>What formulas see of a record that is being saved.</summary>
internal sealed class RecordScope(SaveContext save) : IFormulaScope
{
    public string TimeZone => save.Unit.Published.Model.TimeZone;

    public bool IsNew => save.IsNew;

    public FormulaUser User => save.Unit.User;

    public DateTime UtcNow => save.Unit.UtcNow;

    public object? Value(ImmutableArray<Field> path, string part)
    {
        if (save.IsNew && path is [{ Rollup: { IsStored: false } rollup } field] && field.Entity == save.Entity) return RollupValues.OfNothing(rollup, field.Columns.First(column => column.Part == part), save.Unit.Published.Model.Currencies?.Base);
        return ValueAt(save.Unit.Related, Start(save.Unit.Related, save, path), path, part);
    }

    /// <summary>A value of the record that is not stored: of its main column what formula or rollup give, of further ones what the rollup does.</summary>
    public object? Computed(Field field, Column column)
    {
        if (field.Formula is not { } formula) return Value([field], column.Part);
        return column.Part.Length == 0 ? save.Unit.Published.Formulas[formula].Evaluate(this) : null;
    }

    public object? Outer(ImmutableArray<Field> path, string part) => null;

    public object? Previous(Field field) => field.Column is { } column ? save.Previous?.Get(column.Name) : null;

    public long Count(ImmutableArray<Field> path)
    {
        if (path.Length == 1 && save.Sets.TryGetValue(path[0], out var sent)) return sent.ValueKind == JsonValueKind.Array ? sent.GetArrayLength() : 0;
        if (path.Length == 1 && save.IsNew) return 0;
        return Follow(save.Unit.Related, Start(save.Unit.Related, save, path), path) is { } row ? save.Unit.Related.Count(path[^1], row.Id) : 0;
    }

    /// <summary>Where a path begins: at the one record of settings where its first field is of such an entity, else at the record that is being saved; null where it is not loaded yet.</summary>
    internal static RecordValues? Start(RelatedRecords related, SaveContext save, ImmutableArray<Field> path) =>
        path[0].Entity is { IsSettings: true } settings && settings != save.Entity ? related.Settings(settings) : save.Values;

    /// <summary>The value at the end of a path; null where a lookup is empty, or something is not loaded yet.</summary>
    internal static object? ValueAt(RelatedRecords related, RecordValues? from, ImmutableArray<Field> path, string part)
    {
        if (Follow(related, from, path) is not { } row) return null;
        var field = path[^1];
        var column = field.Columns.First(column => column.Part == part);
        return field.Rollup is { IsStored: false } ? related.Rollup(field, column, row.Id) : row.Get(column.Name);
    }

    /// <summary>The record at the end of a path's lookups; null where one is empty, or not loaded yet.</summary>
    internal static RecordValues? Follow(RelatedRecords related, RecordValues? from, ImmutableArray<Field> path)
    {
        if (from is null) return null;
        for (var step = 0; step < path.Length - 1; step++)
        {
            if (from.Get(path[step].Columns[0].Name) is not Guid id || related.Find(path[step + 1].Entity, id) is not { } next) return null;
            from = next;
        }
        return from;
    }

    /// <summary>The fields of a path as written in metadata, such as <c>account.payment_terms</c>; none where it leads nowhere.</summary>
    internal static ImmutableArray<Field> Resolve(Entity entity, string written)
    {
        var path = ImmutableArray.CreateBuilder<Field>();
        Entity? at = entity;
        foreach (var name in written.Split('.'))
        {
            if (at?.FindField(name) is not { } field) return [];
            path.Add(field);
            at = field.Targets.Length == 1 ? field.Targets[0] : null;
        }
        return path[^1].Columns.IsEmpty ? [] : path.ToImmutable();
    }

    internal static object? Read(RecordValues row, Field field, string part) => row.Get(field.Columns.First(column => column.Part == part).Name);
}

/// <summary>What the filter of a role or of a lookup sees: a record as it is stored.</summary>
/// <param name="related">Other records, and who asks when.</param>
/// <param name="entity">Entity of the record.</param>
/// <param name="record">The record.</param>
internal sealed class StoredScope(RelatedRecords related, Entity entity, RecordValues record) : IFormulaScope
{
    /// <summary>The record that holds the lookup whose filter it is; null for the filter of a role.</summary>
    public RecordValues? Holder { get; init; }

    public string TimeZone => related.Published.Model.TimeZone;

    public bool IsNew => false;

    public FormulaUser User => related.Caller.User;

    public DateTime UtcNow => related.UtcNow;

    public object? Value(ImmutableArray<Field> path, string part) => RecordScope.ValueAt(related, Start(path), path, part);

    public object? Outer(ImmutableArray<Field> path, string part) => RecordScope.ValueAt(related, Holder, path, part);

    public object? Previous(Field field) => field.Column is { } column ? record.Get(column.Name) : null;

    public long Count(ImmutableArray<Field> path) => RecordScope.Follow(related, Start(path), path) is { } row ? related.Count(path[^1], row.Id) : 0;

    private RecordValues? Start(ImmutableArray<Field> path) => path[0].Entity is { IsSettings: true } settings && settings != entity ? related.Settings(settings) : record;
}
