using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.Data.History;

/// <summary>
/// Finds the fields that columns of old entries belong to now, for somebody who may not see all of them: what no field of the model can vouch for
/// is shown to nobody.
/// </summary>
internal sealed class HistoryColumns(Entity entity, Caller caller, IReadOnlyList<FormerFieldName> formerly)
{
    /// <summary>What an entry says of the fields that the caller may see, in the order of the model.</summary>
    public ImmutableArray<ColumnChange> Read(AuditRow row)
    {
        if (row.Changes is null) return [];
        using var json = JsonDocument.Parse(row.Changes);
        var changes = new List<ColumnChange>();
        foreach (var written in json.RootElement.EnumerateObject())
            if (written.Value is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2 && Find(written.Name, row.At) is var (field, column) && caller.CanReadField(field))
                changes.Add(new ColumnChange(field, column, pair[0].Clone(), pair[1].Clone()));
        return [.. changes.OrderBy(change => entity.Fields.IndexOf(change.Field))];
    }

    /// <summary>The field and the column that have a name now, which they may not have had then.</summary>
    private (Field, Column)? Find(string name, DateTime at)
    {
        foreach (var known in formerly)
            if (known.Until >= at && name.StartsWith(known.Formerly, StringComparison.Ordinal) && entity.FindColumn(known.Now + name[known.Formerly.Length..]) is { } found && found.Field.Name == known.Now)
                return found;
        return entity.FindColumn(name);
    }
}

/// <summary>What an entry says of a column.</summary>
/// <param name="Field">Its field now.</param>
/// <param name="Column">The column now.</param>
/// <param name="Before">JSON value before.</param>
/// <param name="After">JSON value after.</param>
internal sealed record ColumnChange(Field Field, Column Column, JsonElement Before, JsonElement After);
