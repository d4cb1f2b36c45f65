using System.Globalization;
using System.Text;
using System.Text.Json;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Scripting.Sandbox;

namespace Xrm.Scripting.Declarations;

/// <summary>The interface of an entity's records, with the properties that scripts see.</summary>
internal static class EntityDeclaration
{
    /// <summary><c>WorkOrderRecord</c> of <c>work_order</c>. A digit keeps its underscore, so that no two entities share a name.</summary>
    public static string NameOf(Entity entity)
    {
        var name = new StringBuilder();
        foreach (var part in entity.Name.Split('_'))
            name.Append(part is [>= '0' and <= '9', ..] or "" ? $"_{part}" : char.ToUpperInvariant(part[0]) + part[1..]);
        return name.Append("Record").ToString();
    }

    public static string Of(Entity entity)
    {
        var text = new StringBuilder($"/** {Plain(entity.Label)}. */\ninterface {NameOf(entity)} {{\n");
        foreach (var field in entity.Fields)
            foreach (var column in field.Columns)
                Property(text, field, column);
        return text.Append("}\n").ToString();
    }

    /// <summary>The fields, as names to choose from.</summary>
    public static string FieldNames(Entity entity) => string.Join(" | ", entity.Fields.Select(field => Quoted(field.Name)));

    private static void Property(StringBuilder text, Field field, Column column)
    {
        var (name, type) = (ScriptRecord.Name(field, column), TypeOf(field, column));
        var nullable = CanBeNull(field, column) ? " | null" : "";
        text.Append($"  /** {Plain(field.Label)}{(column.Part.Length > 0 ? $": {column.Part}" : "")} ({Kind(field)}). */\n");
        if (!field.IsWritable || column.Computed) text.Append($"  readonly {name}: {type}{nullable};\n");
        else if (column.Type is ColumnType.Date or ColumnType.Timestamp) text.Append($"  get {name}(): {type}{nullable};\n  set {name}(value: {type} | Date{nullable});\n");
        else text.Append($"  {name}: {type}{nullable};\n");
    }

    // A required value can be missing when a rule runs; the save is then refused for that, whatever the rule makes of it.
    private static bool CanBeNull(Field field, Column column) =>
        !(column.Part.Length == 0 && ((field.Required.Always == true && !field.IsComputed) || field.Name == "id" || field.Rollup is { Aggregate: Aggregate.Count or Aggregate.Sum }));

    private static string Kind(Field field) =>
        field.Formula is not null ? "computed" : field.Source.Rollup is not null ? "rolled up" : field.Targets.IsEmpty || field.Targets.Length > 3 ? field.Type.Name : $"{field.Type.Name}: {string.Join(", ", field.Targets.Select(target => target.Name))}";

    private static string TypeOf(Field field, Column column) => column.Type switch
    {
        ColumnType.Integer => Options(field, column) ?? "number",
        ColumnType.Decimal or ColumnType.Float => "number",
        ColumnType.Boolean => "boolean",
        ColumnType.Json => "any",
        ColumnType.TextList or ColumnType.IntegerList => Options(field, column) is { } options ? $"({options})[]" : column.Type == ColumnType.TextList ? "string[]" : "number[]",
        ColumnType.UuidList => "string[]",
        ColumnType.Text when column.Part.Length == 0 => Options(field, column) ?? "string",
        _ => "string",
    };

    private static string? Options(Field field, Column column)
    {
        if (field.Options.IsEmpty || column.Part.Length > 0) return null;
        return string.Join(" | ", field.Options.Select(option => option.Value.ToString()!).Select(value => column.Type is ColumnType.Text or ColumnType.TextList
            ? Quoted(value)
            : long.Parse(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>A text as a literal.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text);

    /// <summary>A label as part of a comment.</summary>
    public static string Plain(string label) => label.Replace("*/", "* /", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
