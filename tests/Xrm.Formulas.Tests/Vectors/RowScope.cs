using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Tests.Vectors;

/// <summary>The row of a case as a formula sees it. Lookups are nested objects, settings too; children are their number.</summary>
internal sealed class RowScope(JsonElement row) : IFormulaScope
{
    public bool IsNew { get; init; }

    public JsonElement? Before { get; init; }

    public JsonElement? Around { get; init; }

    public FormulaUser User { get; init; } = Sample.Instance.User;

    public DateTime UtcNow { get; init; } = Sample.Instance.UtcNow;

    public string TimeZone { get; init; } = Sample.Instance.TimeZone;

    public object? Value(ImmutableArray<Field> path, string part) => Value(row, path, part);

    public object? Outer(ImmutableArray<Field> path, string part) => Value(Around!.Value, path, part);

    public object? Previous(Field field) => Value(Before!.Value, [field], "");

    public long Count(ImmutableArray<Field> path) => Find(row, path.Select(field => field.Name)) is { } count ? count.GetInt64() : 0;

    private static object? Value(JsonElement row, ImmutableArray<Field> path, string part)
    {
        var column = path[^1].Columns.Single(column => column.Part == part);
        if (Find(row, Start(path).Concat(path.Select(field => field.Name).SkipLast(1)).Append(part.Length == 0 ? path[^1].Name : column.Name)) is not { } json) return null;
        return Read(json, column);
    }

    /// <summary>A value as its column holds it.</summary>
    public static object Read(JsonElement json, Column column)
    {
        var text = json.ValueKind == JsonValueKind.Object && column.Type == ColumnType.Uuid ? json.GetProperty("id").GetString()! : json.ToString();
        return column.Type switch
        {
            ColumnType.Integer => long.Parse(text, CultureInfo.InvariantCulture),
            ColumnType.Decimal => decimal.Parse(text, CultureInfo.InvariantCulture),
            ColumnType.Float => json.GetDouble(),
            ColumnType.Boolean => json.GetBoolean(),
            ColumnType.Date => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            ColumnType.Timestamp => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
            ColumnType.Time => TimeOnly.Parse(text, CultureInfo.InvariantCulture),
            ColumnType.Uuid => Guid.Parse(text),
            ColumnType.TextList => json.EnumerateArray().Select(item => item.GetString()!).ToArray(),
            _ => text,
        };
    }

    private static IEnumerable<string> Start(ImmutableArray<Field> path) => path[0].Entity.IsSettings ? [$"setting('{path[0].Entity.Name}')"] : [];

    private static JsonElement? Find(JsonElement from, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from) || from.ValueKind == JsonValueKind.Null) return null;
        }
        return from;
    }
}
