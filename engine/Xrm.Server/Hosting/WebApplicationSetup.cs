using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Xrm.Data.Errors;
using Xrm.Data;
using Xrm.Server.Features.Access;
using Xrm.Server.Features.Actions;
using Xrm.Server.Features.Administration;
using Xrm.Server.Features.Audit;
using Xrm.Server.Features.Auth;
using Xrm.Server.Features.Changes;
using Xrm.Server.Features.Data;
using Xrm.Server.Features.Data.History;
using Xrm.Server.Features.Files;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Features.Metadata;
using Xrm.Server.Features.OpenApi;
using Xrm.Server.Features.Organisations;
using Xrm.Server.Features.Privacy;
using Xrm.Server.Features.Publish;
using Xrm.Server.Features.Rules;
using Xrm.Server.Features.Scripts;
using Xrm.Server.Features.Search;
using Xrm.Server.Features.Users;
using Xrm.Server.Organisations;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Hosting;

/// <summary>The HTTP side of the server: middleware and routes, in order.</summary>
internal static class WebApplicationSetup
{
    private const long LargestBody = 64 * 1024 * 1024;

    /// <summary>Services that only the web server needs.</summary>
    public static void AddWeb(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        });
        builder.Services.AddWeb().AddSingleton<OrganisationFront>();
    }

    /// <summary>Services with which an organisation answers requests, whoever listens for them.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddXrmSecurity().AddSingleton<OrganisationPlans>().AddSingleton<MemberAdministration>().AddSingleton<AccountGuard>().AddXrmRateLimits().AddDataReads().AddHistory().AddSearch().AddFiles().AddChanges();
        services.AddExceptionHandler<ProblemAnswers>();
        services.AddSingleton<AllowedMethods>();
        services.AddSingleton<OvertakenRequests>();
        services.AddProblemDetails();
        services.AddSingleton<IConfigureOptions<HstsOptions>>(provider => new ConfigureOptions<HstsOptions>(options => options.MaxAge = TimeSpan.FromDays(Limits.HstsDays(provider.GetRequiredService<IConfiguration>()))));
        services.AddResponseCompression(options => options.EnableForHttps = true);
        // The fastest level makes the application's scripts a third larger.
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = ApiJson.Options.DefaultIgnoreCondition;
            json.SerializerOptions.Encoder = ApiJson.Options.Encoder;
        });
        return services;
    }

    /// <summary>Middleware and routes of the home organisation, before which requests are handed to the others.</summary>
    public static void UseWeb(this WebApplication app, Installation installation)
    {
        app.UseProxies();
        app.UseExceptionHandler();
        if (app.Services.GetRequiredService<IdentitySettings>().PublicUrl?.Scheme == Uri.UriSchemeHttps) app.UseHsts();
        app.Use(SafeHeaders.SetAsync);
        app.Use(app.Services.GetRequiredService<OrganisationFront>().RouteAsync);
        app.UseResponseCompression();
        app.UseWebFiles(installation);
        app.UseRequests();

        // Before authentication, which asks the database: a server is alive without one.
        app.MapGet("/healthz", () => TypedResults.Ok(new ServerState("alive"))).ShortCircuit();
        app.MapGet("/readyz", ReadyAsync).AllowAnonymous();
        app.MapPages(installation);
    }

    /// <summary>Middleware and routes of an organisation to which requests are handed.</summary>
    public static void UseOrganisation(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseResponseCompression();
        app.UseRequests();
    }

    private static void UseRequests(this WebApplication app)
    {
        var rates = app.Services.GetRequiredService<RequestRates>();
        app.Use(OwnPages.GuardAsync);
        app.UseRateLimiter();
        app.UseAuthentication();
        app.Use(rates.PassStrangersAsync);
        if (rates.LimitsCallers) app.Use(rates.PassCallersAsync);
        app.UseAuthorization();
        var served = app.Services.GetRequiredService<ServedOrganisation>();
        if (!served.IsActive) app.Use(served.RefuseAsync);
        app.Use(app.Services.GetRequiredService<OvertakenRequests>().RunAsync);

        app.MapAuth();
        app.MapMetadata();
        app.MapPublish();
        app.MapRules();
        app.MapDataReads();
        app.MapDataWrites();
        app.MapHistory();
        app.MapActions();
        app.MapAccess();
        app.MapShares();
        app.MapPreviews();
        app.MapRoles();
        app.MapSearch();
        app.MapFiles();
        app.MapJobs();
        app.MapChanges();
        app.MapOpenApi();
        app.MapScripts();
        app.MapScriptFrame();
        app.MapAdministration();
        app.MapAudit();
        app.MapUsers();
        app.MapPrivacy();
        app.MapOrganisations();
        // A handler with parameters would be bound when the server is built, and then takes all paths.
        app.MapFallback("/api/{**rest}", (RequestDelegate)UnknownApi).AllowAnonymous();
    }

    private static void UseWebFiles(this WebApplication app, Installation installation)
    {
        if (!Directory.Exists(installation.WebApplication)) return;
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(installation.WebApplication),
            HttpsCompression = HttpsCompressionMode.Compress,
            // Vite puts a hash into the names below assets/: such a file never changes.
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
                file.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache",
        });
    }

    // Every path that is not a file and not the API is a page of the application, which routes on its own. Administration has pages of scripts, whose
    // addresses end like files; elsewhere such a route would stand before the files themselves.
    private static void MapPages(this WebApplication app, Installation installation)
    {
        var index = Path.Combine(installation.WebApplication, "index.html");
        app.MapGet("/index.html", (RequestDelegate)SendPageAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapFallback(SendPageAsync).AllowAnonymous();
        app.MapFallback("/administration/{**page}", SendPageAsync).AllowAnonymous();

        async Task SendPageAsync(HttpContext http)
        {
            if (!File.Exists(index)) throw new XrmException("not_built", 404, "The web application is not built. Run ./engine/xrm serve, which builds it.");
            http.Response.ContentType = "text/html; charset=utf-8";
            var page = await File.ReadAllTextAsync(index, http.RequestAborted);
            await http.Response.WriteAsync(page.Replace("%style-nonce%", SafeHeaders.SetOfPage(http), StringComparison.Ordinal), http.RequestAborted);
        }
    }

    private static Task UnknownApi(HttpContext http)
    {
        var methods = http.RequestServices.GetRequiredService<AllowedMethods>().Of(http.Request.Path);
        if (methods.IsEmpty) throw new XrmException("not_found", 404, $"There is no {http.Request.Method} {http.Request.Path}. See /api/openapi.json for what there is.");
        http.Response.Headers.Allow = string.Join(", ", methods);
        if (!HttpMethods.IsOptions(http.Request.Method))
            return ProblemAnswers.WriteAsync(http, new XrmException("method_not_allowed", 405, $"{http.Request.Method} does not apply to {http.Request.Path}. What does: {http.Response.Headers.Allow}."), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task<IResult> ReadyAsync(Database database, CancellationToken ct) => await database.IsReachableAsync(ct)
        ? TypedResults.Ok(new ServerState("ready"))
        : throw new XrmException("database_unavailable", 503, "The database cannot be reached at the moment.");
}

/// <summary>What the server says of itself to those who watch it.</summary>
internal sealed record ServerState(string Status);
