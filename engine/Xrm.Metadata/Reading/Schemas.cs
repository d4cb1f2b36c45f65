using System.Collections.Frozen;
using Newtonsoft.Json.Serialization;
using NJsonSchema;
using NJsonSchema.Infrastructure;

namespace Xrm.Metadata.Reading;

/// <summary>The JSON Schemas of <c>metadata/schema</c>, which are part of the assembly.</summary>
internal static class Schemas
{
    // Constants in effect: parsed on first use, never changed. Reading them for every file would cost more than the files.
    private static readonly FrozenDictionary<string, Lazy<JsonSchema>> ByName = FileKinds.All
        .ToFrozenDictionary(kind => kind.Schema, kind => new Lazy<JsonSchema>(() => Load(kind.Schema)), StringComparer.Ordinal);

    /// <summary>The schema of a file kind, with every reference resolved.</summary>
    public static JsonSchema Of(FileKind kind) => ByName[kind.Schema].Value;

    /// <summary>The text of a schema.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(Schemas).Assembly.GetManifestResourceStream($"{name}.schema.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static JsonSchema Load(string name)
    {
        IContractResolver resolver = JsonSchema.CreateJsonSerializerContractResolver(SchemaType.JsonSchema);
        var schema = JsonSchemaSerialization.FromJson<JsonSchema>(Text(name), resolver);
        foreach (var part in schema.Definitions.Values.Append(schema)) Resolve(part, schema);
        return schema;
    }

    // The library resolves references only asynchronously and only with a document's path; ours all name a definition.
    private static void Resolve(JsonSchema schema, JsonSchema root)
    {
        if (((NJsonSchema.References.IJsonReferenceBase)schema).ReferencePath is { } path) schema.Reference = root.Definitions[path[(path.LastIndexOf('/') + 1)..]];
        foreach (var property in schema.Properties.Values) Resolve(property, root);
        foreach (var branch in schema.AnyOf) Resolve(branch, root);
        if (schema.Item is { } item) Resolve(item, root);
        if (schema.AdditionalPropertiesSchema is { } other) Resolve(other, root);
    }
}
