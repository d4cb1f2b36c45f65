using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Data;
using Xrm.Data.Access;

namespace Xrm.Server.Features.OpenApi;

/// <summary>Builds the OpenAPI 3.1 document from the model in force.</summary>
internal static class OpenApiDocument
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document as UTF-8.</summary>
    /// <param name="published">The model.</param>
    /// <param name="caller">For whom it is.</param>
    /// <param name="sessionCookie">Name of the cookie of sessions.</param>
    public static byte[] Write(PublishedModel published, Caller caller, string sessionCookie)
    {
        var document = Build(published, caller);
        document["components"]!["securitySchemes"]!["session"]!["name"] = sessionCookie;
        return JsonSerializer.SerializeToUtf8Bytes(document, Options);
    }

    /// <summary>The document, with the session's cookie as it is called without TLS.</summary>
    public static JsonObject Build(PublishedModel published, Caller caller)
    {
        var document = JsonNode.Parse(OpenApiParts.Frame)!.AsObject();
        document["info"]!["version"] = published.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var schemas = document["components"]!["schemas"]!.AsObject();
        var paths = document["paths"]!.AsObject();
        var writer = new EntitySchemas(caller);
        foreach (var entity in published.Model.Entities)
        {
            var rights = EntityRights.Of(caller, entity);
            if (rights.Read) schemas[entity.Name] = writer.Record(entity);
            if (rights.Create || rights.Update) schemas[$"{entity.Name}.input"] = writer.Input(entity);
            new EntityPaths(published.Model, caller, entity, rights).AddTo(paths);
            HistoryPaths.AddTo(paths, caller, entity, rights);
        }
        if (published.Model.Entities.Any(entity => EntityRights.Of(caller, entity).Import)) ImportOperation.AddCommon(schemas);
        HistoryPaths.AddCommon(paths, schemas, caller);
        ActionSchemas.AddTo(paths, published.Model, caller);
        return document;
    }
}
