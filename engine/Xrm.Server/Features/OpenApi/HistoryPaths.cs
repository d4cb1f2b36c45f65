using System.Text.Json.Nodes;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.OpenApi;

/// <summary>Describes the histories of records, and the audit for administrators.</summary>
internal static class HistoryPaths
{
    private const string Schemas = """
        {
          "historyValue": { "description": "As the API writes the value; of a field with several columns an object." },
          "historyEntry": { "type": "object", "required": ["id", "at", "operation", "by", "changes"], "properties": {
            "id": { "type": "string", "format": "uuid" }, "at": { "type": "string", "format": "date-time" }, "operation": { "type": "string", "enum": ["create", "update", "delete", "restore"] },
            "by": { "type": "object", "properties": { "id": { "type": "string", "format": "uuid" }, "name": { "type": "string" }, "isSystem": { "type": "boolean" } } },
            "source": { "type": "string", "enum": ["screen", "api", "rule", "workflow", "import", "job", "system"] },
            "cause": { "type": "object", "description": "What made it happen besides the person.", "properties": { "kind": { "type": "string" }, "id": { "type": "string" }, "label": { "type": "string" } } },
            "address": { "type": "string", "description": "IP address of the client; for administrators." },
            "changes": { "type": "array", "items": { "type": "object", "required": ["field", "label", "type"], "properties": {
              "field": { "type": "string" }, "label": { "type": "string" }, "type": { "type": "string" }, "before": { "$ref": "#/components/schemas/historyValue" }, "after": { "$ref": "#/components/schemas/historyValue" },
              "beforeText": { "type": "string", "description": "The label of an option, the name of a record." }, "afterText": { "type": "string" } } } } } },
          "historyPage": { "type": "object", "required": ["value"], "properties": {
            "value": { "type": "array", "items": { "$ref": "#/components/schemas/historyEntry" } }, "@odata.nextLink": { "type": "string" } } },
          "historyState": { "type": "object", "required": ["at", "isDeleted", "fields"], "properties": {
            "at": { "type": "string", "format": "date-time" }, "entry": { "type": "string", "format": "uuid" }, "isDeleted": { "type": "boolean", "description": "The record lies in the recycle bin now." },
            "fields": { "type": "array", "items": { "type": "object", "required": ["field", "label", "type", "differs", "canRestore"], "properties": {
              "field": { "type": "string" }, "label": { "type": "string" }, "type": { "type": "string" }, "value": { "$ref": "#/components/schemas/historyValue" }, "now": { "$ref": "#/components/schemas/historyValue" },
              "text": { "type": "string" }, "nowText": { "type": "string" }, "differs": { "type": "boolean" }, "canRestore": { "type": "boolean" } } } } } }
        }
        """;

    private const string Audit = """
        {
          "/api/administration/audit": { "get": { "operationId": "audit", "summary": "The audit", "tags": ["Administration"], "description": "What happened, the newest first; for administrators.",
            "parameters": [
              { "name": "from", "in": "query", "schema": { "type": "string", "format": "date-time" } }, { "name": "to", "in": "query", "schema": { "type": "string", "format": "date-time" } },
              { "name": "user", "in": "query", "schema": { "type": "string", "format": "uuid" } }, { "name": "operation", "in": "query", "description": "Several with commas, e.g. create,sign_in.", "schema": { "type": "string" } },
              { "name": "source", "in": "query", "schema": { "type": "string" } }, { "name": "entity", "in": "query", "schema": { "type": "string" } },
              { "name": "record", "in": "query", "schema": { "type": "string", "format": "uuid" } }, { "name": "top", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 500, "default": 50 } },
              { "name": "after", "in": "query", "description": "As @odata.nextLink says.", "schema": { "type": "string" } }],
            "responses": { "200": { "description": "A page of entries.", "content": { "application/json": { "schema": { "type": "object", "properties": {
              "value": { "type": "array", "items": { "type": "object" } }, "@odata.nextLink": { "type": "string" } } } } } }, "400": { "$ref": "#/components/responses/problem" }, "403": { "$ref": "#/components/responses/problem" } } } },
          "/api/administration/audit/chain": { "get": { "operationId": "audit_chain", "summary": "How far the audit is sealed", "tags": ["Administration"],
            "responses": { "200": { "description": "The last seal.", "content": { "application/json": { "schema": { "type": "object", "required": ["seals", "entries"], "properties": {
              "seals": { "type": "integer", "format": "int64" }, "sealedAt": { "type": "string", "format": "date-time" }, "entries": { "type": "integer", "format": "int64" }, "head": { "type": "string" } } } } } }, "403": { "$ref": "#/components/responses/problem" } } } }
        }
        """;

    /// <summary>Adds what is the same for all entities.</summary>
    public static void AddCommon(JsonObject paths, JsonObject schemas, Caller caller)
    {
        Merge(schemas, Schemas);
        if (caller.IsAdministrator) Merge(paths, Audit);
    }

    /// <summary>Adds the history of records of an entity that keeps one.</summary>
    public static void AddTo(JsonObject paths, Caller caller, Entity entity, EntityRights rights)
    {
        var path = $"/api/data/{entity.Plural}/{{id}}/history";
        var keeps = entity.Features.Contains("audit") || entity.Fields.Any(field => field.Source.Audit == true && caller.CanReadField(field));
        // Related records of that name were there first.
        if (!rights.Read || !keeps || paths.ContainsKey(path)) return;
        paths[path] = One(Operation(entity, "history", "history", "historyPage", ["400", "404"], [Query("top", "Most entries; 50 without.", "integer"), Query("after", "As @odata.nextLink says.", "string")]), "get", hasEntry: false);
        paths[$"{path}/state"] = One(Operation(entity, "state_at", "as it was at a time", "historyState", ["400", "404"], [Query("at", "The time, e.g. 2026-11-22T10:00:00Z.", "string")]), "get", hasEntry: false);
        paths[$"{path}/{{entry}}/state"] = One(Operation(entity, "state", "as it was after an entry", "historyState", ["404"], []), "get", hasEntry: true);
        if (!rights.Update) return;
        var restore = Operation(entity, "restore_values", "bring earlier values back", entity.Name, ["400", "403", "404", "409", "412"], [Reference("#/components/parameters/ifMatch"), Reference("#/components/parameters/idempotencyKey")]);
        restore["requestBody"] = JsonNode.Parse("""{ "required": false, "content": { "application/json": { "schema": { "type": "object", "properties": { "fields": { "type": "array", "minItems": 1, "items": { "type": "string" }, "description": "Names of fields; all that can be where missing." } } } } } }""");
        paths[$"{path}/{{entry}}/restore"] = One(restore, "post", hasEntry: true);
    }

    private static JsonObject One(JsonObject operation, string method, bool hasEntry)
    {
        var parameters = new JsonArray(Reference("#/components/parameters/id"));
        if (hasEntry) parameters.Add(JsonNode.Parse("""{ "name": "entry", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }"""));
        return new JsonObject { ["parameters"] = parameters, [method] = operation };
    }

    private static JsonObject Operation(Entity entity, string name, string summary, string schema, string[] problems, JsonObject[] parameters)
    {
        var responses = new JsonObject { ["200"] = new JsonObject { ["description"] = "Done.", ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = EntitySchemas.Ref(schema) } } } };
        foreach (var problem in problems) responses[problem] = Reference("#/components/responses/problem");
        var operation = new JsonObject { ["operationId"] = $"{entity.Name}_{name}_of_history", ["summary"] = $"{entity.Label}: {summary}", ["tags"] = new JsonArray(entity.PluralLabel), ["responses"] = responses };
        if (parameters.Length > 0) operation["parameters"] = new JsonArray([.. parameters]);
        return operation;
    }

    private static JsonObject Query(string name, string description, string type) => new() { ["name"] = name, ["in"] = "query", ["description"] = description, ["schema"] = new JsonObject { ["type"] = type } };

    private static JsonObject Reference(string to) => new() { ["$ref"] = to };

    private static void Merge(JsonObject into, string json)
    {
        foreach (var (name, node) in JsonNode.Parse(json)!.AsObject().ToList()) into[name] = node!.DeepClone();
    }
}
