using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Records;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline;

/// <summary>What formulas see of a record that is being saved.</summary>
internal sealed class RecordScope(SaveContext save) : IFormulaScope
{
    // Until organisations choose their zone; the same in queries.
    public string TimeZone => "UTC";

    public bool IsNew => save.IsNew;

    public FormulaUser User => save.Unit.User;

    public DateTime UtcNow => save.Unit.UtcNow;

    public object? Value(ImmutableArray<Field> path, string part) => Follow(save.Unit.Related, save.Values, path) is { } row ? Read(row, path[^1], part) : null;

    public object? Outer(ImmutableArray<Field> path, string part) => null;

    public object? Previous(Field field) => field.Column is { } column ? save.Previous?.Get(column.Name) : null;

    public long Count(ImmutableArray<Field> path)
    {
        if (path.Length == 1 && save.Sets.TryGetValue(path[0], out var sent)) return sent.ValueKind == JsonValueKind.Array ? sent.GetArrayLength() : 0;
        if (path.Length == 1 && save.IsNew) return 0;
        return Follow(save.Unit.Related, save.Values, path) is { } row ? save.Unit.Related.Count(path[^1], row.Id) : 0;
    }

    /// <summary>The record at the end of a path's lookups; null where one is empty, or not loaded yet.</summary>
    internal static RecordValues? Follow(RelatedRecords related, RecordValues from, ImmutableArray<Field> path)
    {
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

/// <summary>What the filter of a lookup sees: the record to choose, and as <c>record</c> the one that is being saved.</summary>
internal sealed class ChoiceScope(SaveContext save, RecordValues choice) : IFormulaScope
{
    public string TimeZone => "UTC";

    public bool IsNew => false;

    public FormulaUser User => save.Unit.User;

    public DateTime UtcNow => save.Unit.UtcNow;

    public object? Value(ImmutableArray<Field> path, string part) =>
        RecordScope.Follow(save.Unit.Related, choice, path) is { } row ? RecordScope.Read(row, path[^1], part) : null;

    public object? Outer(ImmutableArray<Field> path, string part) =>
        RecordScope.Follow(save.Unit.Related, save.Values, path) is { } row ? RecordScope.Read(row, path[^1], part) : null;

    public object? Previous(Field field) => field.Column is { } column ? choice.Get(column.Name) : null;

    public long Count(ImmutableArray<Field> path) =>
        RecordScope.Follow(save.Unit.Related, choice, path) is { } row ? save.Unit.Related.Count(path[^1], row.Id) : 0;
}
