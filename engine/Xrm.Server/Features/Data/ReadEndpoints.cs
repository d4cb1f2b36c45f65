using Xrm.Data.Access;
using Xrm.Data.Changes;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Server.Hosting;
using Xrm.Server.OData;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Data;

/// <summary>The reading half of the data API.</summary>
internal static class ReadEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddDataReads(this IServiceCollection services) => services.AddSingleton<RecordReader>().AddSingleton<SummaryReader>().AddSingleton<CsvExporter>().AddSingleton<CsvReads>().AddSingleton<ConcurrencyLimits>().AddSingleton<DeltaReader>().AddSingleton<DeltaReads>().AddSingleton<DataReads>().AddSingleton<NavigationReads>().AddSingleton<CallerDocuments>();

    public static void MapDataReads(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/data").WithTags("Data").RequireAuthorization();
        group.MapMethods("/", Methods, ServiceDocument);
        group.MapMethods("/$metadata", Methods, Csdl);
        group.MapMethods("/{collection}", Methods, List);
        group.MapMethods("/{collection}/$count", Methods, Count);
        group.MapMethods("/{collection}/$delta", Methods, Delta);
        group.MapMethods("/{collection}/{id}", Methods, One);
        group.MapMethods("/{collection}({id})", Methods, One);
        group.MapMethods("/{collection}/{id}/{navigation}", Methods, Related);
        group.MapMethods("/{collection}({id})/{navigation}", Methods, Related);
        group.MapMethods("/{collection}/{id}/{navigation}/$count", Methods, CountRelated);
        group.MapMethods("/{collection}({id})/{navigation}/$count", Methods, CountRelated);
    }

    private static Task List(HttpContext http, string collection, DataReads reads)
    {
        Negotiation.Require(http.Request);
        return reads.ListAsync(http, collection);
    }

    private static Task Count(HttpContext http, string collection, DataReads reads) => reads.CountAsync(http, collection);

    private static Task Delta(HttpContext http, string collection, DataReads reads) => reads.DeltaAsync(http, collection);

    private static Task One(HttpContext http, string collection, string id, DataReads reads)
    {
        Negotiation.Require(http.Request);
        return reads.OneAsync(http, collection, id);
    }

    private static Task Related(HttpContext http, string collection, string id, string navigation, NavigationReads reads)
    {
        Negotiation.Require(http.Request);
        return reads.AnswerAsync(http, collection, id, navigation);
    }

    private static Task CountRelated(HttpContext http, string collection, string id, string navigation, NavigationReads reads) => reads.CountAsync(http, collection, id, navigation);

    private static async Task<IResult> ServiceDocument(HttpContext http, DataReads reads)
    {
        var context = await reads.ContextAsync(http);
        var sets = context.Published.Model.Entities.Where(entity => context.Caller.Can(entity, Operation.Read)).Select(Describe);
        var format = AnswerFormat.Of(http.Request) ?? AnswerFormat.Usual;
        http.Response.Headers["OData-Version"] = "4.0";
        var answer = new Dictionary<string, object>();
        if (format.Level != MetadataLevel.None) answer["@odata.context"] = $"{DataReads.ServiceRoot(http.Request)}/$metadata";
        answer["value"] = sets;
        return TypedResults.Json(answer, contentType: format.ContentType);
    }

    private static async Task<IResult> Csdl(HttpContext http, DataReads reads, CallerDocuments documents)
    {
        var context = await reads.ContextAsync(http);
        http.Response.Headers["OData-Version"] = "4.0";
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = "Accept";
        return MetadataFormat.IsJson(http.Request)
            ? TypedResults.File(documents.Get("csdl.json", context.Published, context.Caller, CsdlDocument.WriteJson), "application/json")
            : TypedResults.File(documents.Get("csdl", context.Published, context.Caller, CsdlDocument.Write), "application/xml");
    }

    private static EntitySet Describe(Entity entity) => new(entity.Plural, "EntitySet", entity.Plural, entity.PluralLabel);

    private sealed record EntitySet(string Name, string Kind, string Url, string Title);
}
