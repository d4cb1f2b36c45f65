using System.Collections.Frozen;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace Xrm.Metadata.Reading;

/// <summary>The JSON Schemas of <c>metadata/schema</c>, which are part of the assembly.</summary>
internal static class Schemas
{
    // Constants in effect: parsed on first use, never changed. Reading them for every file would cost more than the files.
    private static readonly FrozenDictionary<string, Lazy<JsonSchema>> ByName = FileKinds.All
        .ToFrozenDictionary(kind => kind.Schema, kind => new Lazy<JsonSchema>(() => new SchemaLoader(JObject.Parse(Text(kind.Schema))).Load()), StringComparer.Ordinal);

    /// <summary>The schema of a file kind, with every reference resolved.</summary>
    public static JsonSchema Of(FileKind kind) => ByName[kind.Schema].Value;

    /// <summary>The text of a schema.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(Schemas).Assembly.GetManifestResourceStream($"{name}.schema.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>
/// Builds the schema objects of the validator from those keywords that our schemas use. The validator's own loader can do far more
/// and takes a second for it, which every start of the server would have to wait.
/// </summary>
internal sealed class SchemaLoader(JObject root)
{
    private readonly Dictionary<string, JsonSchema> _definitions = [];

    /// <exception cref="InvalidOperationException">A schema uses a keyword that is not known here: it would not be enforced.</exception>
    public JsonSchema Load()
    {
        foreach (var (name, _) in Definitions) _definitions[name] = new JsonSchema();
        foreach (var (name, definition) in Definitions) Fill(_definitions[name], (JObject)definition!);
        return Fill(new JsonSchema(), root);
    }

    private JObject Definitions => (JObject?)root["definitions"] ?? [];

    private T Fill<T>(T schema, JObject json)
        where T : JsonSchema
    {
        foreach (var (keyword, value) in json) Fill(schema, keyword, value!);
        return schema;
    }

    private void Fill(JsonSchema schema, string keyword, JToken value)
    {
        switch (keyword)
        {
            case "$schema" or "title" or "definitions": break;
            case "description": schema.Description = (string?)value; break;
            case "type": schema.Type = value is JArray several ? several.Select(Type).Aggregate((a, b) => a | b) : Type(value); break;
            case "pattern": schema.Pattern = (string?)value; break;
            case "minimum": schema.Minimum = (decimal)value; break;
            case "maximum": schema.Maximum = (decimal)value; break;
            case "minItems": schema.MinItems = (int)value; break;
            case "items": schema.Item = Fill(new JsonSchema(), (JObject)value); break;
            case "$ref": schema.Reference = _definitions[((string)value!)["#/definitions/".Length..]]; break;
            case "enum": foreach (var each in value) schema.Enumeration.Add((string)each!); break;
            case "anyOf": foreach (var branch in value) schema.AnyOf.Add(Fill(new JsonSchema(), (JObject)branch)); break;
            case "properties": foreach (var (name, property) in (JObject)value) schema.Properties[name] = Fill(new JsonSchemaProperty(), (JObject)property!); break;
            case "required": foreach (var name in value) schema.RequiredProperties.Add((string)name!); break;
            case "additionalProperties" when value is JObject other: schema.AdditionalPropertiesSchema = Fill(new JsonSchema(), other); break;
            case "additionalProperties": schema.AllowAdditionalProperties = (bool)value; break;
            default: throw new InvalidOperationException($"The schema keyword {keyword} is not known to the loader.");
        }
    }

    private static JsonObjectType Type(JToken name) => Enum.Parse<JsonObjectType>((string)name!, ignoreCase: true);
}
