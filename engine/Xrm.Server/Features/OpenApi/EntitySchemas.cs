using System.Text.Json.Nodes;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.OpenApi;

/// <summary>The JSON Schemas of an entity: the record as it is read, and what a write takes.</summary>
internal sealed class EntitySchemas(Caller caller)
{
    /// <summary>The record as it is read, with what <c>$expand</c> can add.</summary>
    public JsonObject Record(Entity entity)
    {
        var properties = new JsonObject { ["@odata.etag"] = new JsonObject { ["type"] = "string", ["readOnly"] = true } };
        foreach (var field in entity.Fields.Where(field => caller.SeesField(field) && !field.IsOfRecycleBin))
        {
            foreach (var column in field.Columns) properties[column.Name] = File(field) ?? ColumnSchema.Of(field, column);
            if (Expanded(field) is { } expanded) properties[field.Name] = expanded;
        }
        foreach (var lookup in entity.IncomingLookups.Where(lookup => lookup.Source.Inverse is not null && CanRead(lookup.Entity) && caller.CanReadField(lookup)))
            properties[lookup.Source.Inverse!.Name] = List(lookup.Entity, $"With $expand={lookup.Source.Inverse.Name}.");
        properties["@xrm.messages"] = Ref("messages");
        return Described(entity, properties);
    }

    /// <summary>What create and update take.</summary>
    public JsonObject Input(Entity entity)
    {
        var properties = new JsonObject();
        foreach (var field in entity.Fields.Where(field => caller.CanWriteField(field) && field.IsWritable))
        {
            foreach (var column in field.Columns.Where(column => !column.Computed)) properties[column.Name] = ColumnSchema.Of(field, column);
            if (field.Type is SecretType) properties[field.Name] = new JsonObject { ["type"] = new JsonArray("string", "null"), ["title"] = field.Label, ["writeOnly"] = true, ["description"] = $"Kept encrypted. Read by POST …/reveal?field={field.Name}." };
            if (field.Child is not null) properties[field.Name] = Nested(field);
        }
        return Described(entity, properties);
    }

    /// <summary>Properties that a new record must have: required always, and filled in by nobody else.</summary>
    public static JsonArray Required(Caller caller, Entity entity) => new([.. entity.Fields
        .Where(field => field.Required.Always == true && field.Column is not null && !field.IsComputed && caller.CanWriteField(field))
        .Where(field => field.DefaultValue is null && field.DefaultFormula is null && field.Source.CopyFrom is null)
        .Select(field => JsonValue.Create(field.Type is SecretType ? field.Name : field.Columns.First(column => !column.Computed).Name))]);

    // Read with its name and size; written as its id.
    private static JsonObject? File(Field field) => field.Type switch
    {
        FileType => new JsonObject { ["anyOf"] = new JsonArray(Ref("file"), new JsonObject { ["type"] = "null" }), ["title"] = field.Label },
        FilesType => new JsonObject { ["type"] = new JsonArray("array", "null"), ["items"] = Ref("file"), ["title"] = field.Label },
        _ => null,
    };

    private JsonObject? Expanded(Field field)
    {
        if (field.Child is not null) return CanRead(Far(field)) ? List(Far(field), $"With $expand={field.Name}.") : null;
        if (field.IsPolymorphic) return Reference(field);
        if (field.Targets.Length != 1 || !CanRead(field.Targets[0])) return null;
        return new JsonObject { ["anyOf"] = new JsonArray(Ref(field.Targets[0].Name), new JsonObject { ["type"] = "null" }), ["description"] = $"With $expand={field.Name}." };
    }

    private static JsonObject Reference(Field field) => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["description"] = $"With $expand={field.Name}.",
        ["properties"] = new JsonObject
        {
            ["@odata.type"] = new JsonObject { ["type"] = "string" },
            ["id"] = new JsonObject { ["type"] = "string", ["format"] = "uuid" },
            ["label"] = new JsonObject { ["type"] = new JsonArray("string", "null") },
        },
    };

    /// <summary>The complete set of children, each with its values, or of linked records, each by its id.</summary>
    private JsonObject Nested(Field field)
    {
        var id = new JsonObject { ["id"] = new JsonObject { ["type"] = "string", ["format"] = "uuid" } };
        var item = new JsonObject { ["type"] = "object", ["properties"] = id };
        if (field.FarSide is not null)
        {
            item["required"] = new JsonArray("id");
        }
        else if (EntityRights.Of(caller, field.Child!) is { Create: true } or { Update: true })
        {
            id["id"]!["description"] = "Of a child that is there already; without it a new one is made.";
            item = new JsonObject { ["allOf"] = new JsonArray(Ref($"{field.Child!.Name}.input"), item) };
        }
        return new JsonObject { ["type"] = "array", ["title"] = field.Label, ["description"] = "The complete set: on update, what is missing is removed.", ["items"] = item };
    }

    private static JsonObject List(Entity entity, string description) =>
        new() { ["type"] = "array", ["items"] = Ref(entity.Name), ["description"] = description };

    private static JsonObject Described(Entity entity, JsonObject properties)
    {
        var schema = new JsonObject { ["type"] = "object", ["title"] = entity.Label };
        if (entity.Source.Description is { } description) schema["description"] = description;
        schema["properties"] = properties;
        return schema;
    }

    private bool CanRead(Entity entity) => caller.Can(entity, Operation.Read);

    private static Entity Far(Field field) => field.FarSide is { } farSide ? farSide.Targets[0] : field.Child!;

    /// <summary>A reference to a schema of the document.</summary>
    public static JsonObject Ref(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };
}
