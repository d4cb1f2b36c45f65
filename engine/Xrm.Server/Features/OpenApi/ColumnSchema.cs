using System.Globalization;
using System.Text.Json.Nodes;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.OpenApi;

/// <summary>The JSON Schema of one property.</summary>
internal static class ColumnSchema
{
    public static JsonObject Of(Field field, Column column)
    {
        var schema = Shape(column);
        var isMain = column.Part.Length == 0;
        schema["title"] = isMain ? field.Label : $"{field.Label}: {column.Part.Replace('_', ' ')}";
        if (field.Source.Description is { } description) schema["description"] = description;
        if (isMain) AddLimits(schema, field, column);
        if (!field.IsWritable || column.Computed) schema["readOnly"] = true;
        return schema;
    }

    private static JsonObject Shape(Column column) => column.Type switch
    {
        ColumnType.Text => Nullable("string", null),
        ColumnType.Integer => Nullable("integer", "int64"),
        ColumnType.Decimal => Decimal(column),
        ColumnType.Float => Nullable("number", "double"),
        ColumnType.Boolean => Nullable("boolean", null),
        ColumnType.Date => Nullable("string", "date"),
        ColumnType.Timestamp => Nullable("string", "date-time"),
        ColumnType.Time => Nullable("string", "time"),
        ColumnType.Uuid => Nullable("string", "uuid"),
        ColumnType.TextList => List("string", null),
        ColumnType.IntegerList => List("integer", "int64"),
        ColumnType.UuidList => List("string", "uuid"),
        _ => [],
    };

    private static void AddLimits(JsonObject schema, Field field, Column column)
    {
        if (column.Type == ColumnType.Text && field.Source.MaxLength is { } length) schema["maxLength"] = length;
        if (field.Source.Pattern is { } pattern) schema["pattern"] = pattern;
        if (field.Source.Min is { } min) schema["minimum"] = min;
        if (field.Source.Max is { } max) schema["maximum"] = max;
        if (field.Type.Name is "email" or "url") schema["format"] = field.Type.Name == "url" ? "uri" : "email";
        if (!field.Options.IsEmpty && !field.Source.AllowOther) AddOptions(schema, field, column);
        if (!field.Targets.IsEmpty) schema["x-xrm-targets"] = new JsonArray([.. field.Targets.Select(target => JsonValue.Create(target.Name))]);
    }

    private static void AddOptions(JsonObject schema, Field field, Column column)
    {
        var values = new JsonArray([.. field.Options.Select(option => JsonNode.Parse(option.Value.GetRawText()))]);
        if (column.Type is ColumnType.TextList or ColumnType.IntegerList)
        {
            schema["items"]!["enum"] = values;
            return;
        }
        values.Add(null);
        schema["enum"] = values;
    }

    private static JsonObject Decimal(Column column)
    {
        var schema = Nullable("number", null);
        // The least step as a number with exactly these digits: 0.01 for two.
        if (column.Scale > 0) schema["multipleOf"] = decimal.Parse($"0.{new string('0', column.Scale - 1)}1", CultureInfo.InvariantCulture);
        return schema;
    }

    private static JsonObject Nullable(string type, string? format)
    {
        var schema = new JsonObject { ["type"] = new JsonArray(type, "null") };
        if (format is not null) schema["format"] = format;
        return schema;
    }

    private static JsonObject List(string type, string? format)
    {
        var items = new JsonObject { ["type"] = type };
        if (format is not null) items["format"] = format;
        return new JsonObject { ["type"] = new JsonArray("array", "null"), ["items"] = items };
    }
}
