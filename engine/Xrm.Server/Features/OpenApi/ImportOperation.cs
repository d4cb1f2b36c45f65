using System.Text.Json.Nodes;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.OpenApi;

/// <summary>Describes the import of records from a file.</summary>
internal static class ImportOperation
{
    private const string Schemas = """
        {
          "importReport": { "type": "object", "required": ["dryRun", "rows", "created", "refused", "isComplete", "refusals", "moreRefusals", "skipped"], "properties": {
            "id": { "type": "string", "format": "uuid", "description": "The import, as the history of each record names it; missing where nothing is stored." },
            "dryRun": { "type": "boolean" }, "rows": { "type": "integer" }, "created": { "type": "integer" }, "refused": { "type": "integer" },
            "isComplete": { "type": "boolean", "description": "All rows were looked at; false where so many are wrong that the others were left." },
            "refusals": { "type": "array", "items": { "type": "object", "required": ["line", "code", "message"], "properties": {
              "line": { "type": "integer" }, "column": { "type": "string" }, "code": { "type": "string" }, "message": { "type": "string" } } } },
            "moreRefusals": { "type": "integer", "description": "Refusals that are not told." },
            "skipped": { "type": "array", "items": { "type": "string" }, "description": "Columns that were left out, because nobody can write them." } } }
        }
        """;

    /// <summary>Adds what is the same for all entities.</summary>
    public static void AddCommon(JsonObject schemas)
    {
        foreach (var (name, node) in JsonNode.Parse(Schemas)!.AsObject().ToList()) schemas[name] = node!.DeepClone();
    }

    /// <summary>The operation of an entity.</summary>
    public static JsonObject Of(Entity entity)
    {
        var operation = JsonNode.Parse("""
            { "description": "Up to 10000 records from a file of CSV in UTF-8 with up to 16 MiB, whose first line names the columns by names or labels, as an export writes them. All or none, unless onError=continue.",
              "parameters": [
                { "name": "dryRun", "in": "query", "description": "Only try it.", "schema": { "type": "boolean", "default": false } },
                { "name": "onError", "in": "query", "schema": { "type": "string", "enum": ["stop", "continue"], "default": "stop" } },
                { "name": "computed", "in": "query", "description": "Columns that nobody can write.", "schema": { "type": "string", "enum": ["refuse", "skip"], "default": "refuse" } },
                { "name": "decimal", "in": "query", "schema": { "type": "string", "enum": ["point", "comma"], "default": "point" } },
                { "$ref": "#/components/parameters/idempotencyKey" }],
              "requestBody": { "required": true, "content": { "text/csv": { "schema": { "type": "string" } } } },
              "responses": {
                "200": { "description": "What became of it.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/importReport" } } } },
                "400": { "$ref": "#/components/responses/problem" }, "403": { "$ref": "#/components/responses/problem" }, "413": { "$ref": "#/components/responses/problem" },
                "415": { "$ref": "#/components/responses/problem" }, "429": { "$ref": "#/components/responses/problem" } } }
            """)!.AsObject();
        operation.Insert(0, "operationId", $"import_{entity.Plural}");
        operation.Insert(1, "summary", $"{entity.PluralLabel}: import");
        operation.Insert(2, "tags", new JsonArray(entity.PluralLabel));
        return operation;
    }
}
