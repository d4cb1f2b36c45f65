using System.Text;
using System.Text.Json.Nodes;

namespace Xrm.Metadata.Tests.Documentation;

/// <summary>Writes the JSON Schemas as a page for people: one chapter per kind of file, one table per object.</summary>
internal static class MetadataReference
{
    private const string Head = """
        # Metadata reference

        Every file of a package and every property in it. This page is made from `metadata/schema`; an editor shows the same while
        you type. Properties in **bold** are required. A property that is not listed is an error.

        A *formula* is an expression over the record's fields: see the [formula reference](formulas.md). What the field types are
        and which settings each takes is in the [field type reference](field-types.md).

        """;

    public static string Write(IEnumerable<(string Name, string Schema)> schemas)
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, text) in schemas)
        {
            var schema = JsonNode.Parse(text)!.AsObject();
            page.Append($"\n## {Title(name)}\n\n{schema["description"]}\n");
            Table(page, schema);
            foreach (var (definition, value) in schema["definitions"]?.AsObject() ?? [])
                if (known.Add(definition)) Chapter(page, definition, value!.AsObject());
        }
        return page.ToString();
    }

    private static string Title(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static void Chapter(StringBuilder page, string name, JsonObject schema)
    {
        page.Append($"\n### {name}\n\n{schema["description"]}\n");
        Table(page, schema);
    }

    private static void Table(StringBuilder page, JsonObject schema)
    {
        var required = schema["required"]?.AsArray().Select(name => name!.GetValue<string>()).ToHashSet() ?? [];
        page.Append("\n| property | value | meaning |\n| --- | --- | --- |\n");
        foreach (var (name, value) in schema["properties"]!.AsObject()) Row(page, name, value!.AsObject(), required.Contains(name));
    }

    private static void Row(StringBuilder page, string name, JsonObject schema, bool isRequired)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        page.Append($"| {(isRequired ? $"**`{name}`**" : $"`{name}`")} | {Value(schema)} | {Cell(schema["description"]?.ToString() ?? last)} |\n");
        if (schema["properties"] is not JsonObject inner) return;
        var required = schema["required"]?.AsArray().Select(part => part!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (part, value) in inner) Row(page, $"{name}.{part}", value!.AsObject(), required.Contains(part));
    }

    private static string Value(JsonObject schema)
    {
        if (schema["$ref"] is { } reference) return Link(reference.ToString());
        if (schema["anyOf"] is JsonArray choices) return string.Join(" or ", choices.Select(choice => Value(choice!.AsObject())));
        if (schema["enum"] is JsonArray { Count: <= 8 } values) return string.Join(", ", values.Select(value => $"`{value}`"));
        return schema["type"] switch
        {
            JsonArray types => string.Join(" or ", types.Select(type => Plain(type!.ToString()))),
            { } type when type.ToString() == "array" => $"list of {Value(schema["items"]!.AsObject())}",
            { } type when type.ToString() == "object" && schema["additionalProperties"] is JsonObject held => $"object of {Value(held)}",
            { } type => Plain(type.ToString()),
            null => "any",
        };
    }

    private static string Plain(string type) => type switch { "string" => "text", "integer" => "whole number", "boolean" => "true or false", _ => type };

    private static string Link(string reference)
    {
        var name = reference[(reference.LastIndexOf('/') + 1)..];
        return name == "#" ? "the same" : $"[{name}](#{name.ToLowerInvariant()})";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
