using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Rules;
using Xrm.Metadata.Compiled;
using Xrm.Server.Hosting;
using Xrm.Server.Localization;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Rules;

/// <summary>Insight into rules for administrators: what they did, what they would do, and a switch for those that do harm.</summary>
internal static class RuleEndpoints
{
    public static IServiceCollection AddRules(this IServiceCollection services) => services.AddSingleton<RuleSwitching>().AddSingleton<RuleTracing>().AddSingleton<RuleVariants>().AddSingleton<DryRuns>();

    public static void MapRules(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/metadata/rules").WithTags("Rules").RequireAuthorization(Policies.Administrator);
        group.MapGet("/", ListAsync);
        group.MapGet("/switches", SwitchesAsync);
        group.MapPost("/{entity}/{rule}/switch-off", SwitchOffAsync);
        group.MapPost("/{entity}/{rule}/switch-on", SwitchOnAsync);
        foreach (var (kind, path) in new[] { (RuleKey.OfActions, "actions"), (RuleKey.OfSchedules, "schedules"), (RuleKey.OfForms, "form-scripts") })
        {
            var others = routes.MapGroup($"/api/metadata/{path}").WithTags("Rules").RequireAuthorization(Policies.Administrator);
            others.MapPost("/{name}/switch-off", (string name, SwitchBody body, HttpContext http, RuleSwitching switching, CancellationToken ct) => SwitchAsync(http, switching, ((kind, null, name), true), body.Reason, ct));
            others.MapPost("/{name}/switch-on", (string name, SwitchBody body, HttpContext http, RuleSwitching switching, CancellationToken ct) => SwitchAsync(http, switching, ((kind, null, name), false), body.Reason, ct));
        }
        group.MapPost("/trace", TraceAsync);
        group.MapPost("/dry-run", DryRunAsync);
    }

    private static async Task<JsonHttpResult<IEnumerable<RuleView>>> ListAsync(HttpRequest request, CurrentModel current, RuleCounts counts, RuleSwitches switches, CancellationToken ct)
    {
        // What this node has counted is not to be missed by somebody who has just tried something.
        await counts.FlushAsync(ct);
        var known = (await counts.ListAsync(ct)).ToDictionary(count => count.Key);
        var off = (await switches.ListAsync(latestOnly: true, ct)).Where(one => one.IsOff).ToDictionary(one => one.Key);
        return TypedResults.Json(RuleView.All(current.Value.Model, known, off, Texts.For(current.Value.Model, request)), ApiJson.Options);
    }

    private static async Task<JsonHttpResult<IReadOnlyList<RuleSwitch>>> SwitchesAsync(RuleSwitches switches, CancellationToken ct) =>
        TypedResults.Json(await switches.ListAsync(latestOnly: false, ct), ApiJson.Options);

    private static Task<NoContent> SwitchOffAsync(string entity, string rule, SwitchBody body, HttpContext http, RuleSwitching switching, CancellationToken ct) =>
        SwitchAsync(http, switching, ((RuleKey.OfRules, entity, rule), true), body.Reason, ct);

    private static Task<NoContent> SwitchOnAsync(string entity, string rule, SwitchBody body, HttpContext http, RuleSwitching switching, CancellationToken ct) =>
        SwitchAsync(http, switching, ((RuleKey.OfRules, entity, rule), false), body.Reason, ct);

    private static async Task<NoContent> SwitchAsync(HttpContext http, RuleSwitching switching, ((string Kind, string? Entity, string Name) What, bool IsOff) wanted, string? reason, CancellationToken ct)
    {
        await switching.RunAsync(http, wanted, reason, ct);
        return TypedResults.NoContent();
    }

    private static async Task<JsonHttpResult<TraceAnswer>> TraceAsync(TraceRequest body, HttpContext http, RuleTracing tracing, CallerProvider callers, CancellationToken ct) =>
        TypedResults.Json(await tracing.RunAsync(body, await callers.GetAsync(http, ct), ct), ApiJson.Options);

    private static async Task<JsonHttpResult<DryRunAnswer>> DryRunAsync(DryRunRequest body, HttpContext http, DryRuns runs, CallerProvider callers, CancellationToken ct) =>
        TypedResults.Json(await runs.RunAsync(body, await callers.GetAsync(http, ct), ct), ApiJson.Options);

    /// <summary>The rule of an entity.</summary>
    /// <exception cref="XrmException">404: there is none.</exception>
    internal static Rule Find(Model model, string entity, string rule) => model.FindEntity(entity)?.Rules.FirstOrDefault(one => one.Name == rule)
        ?? throw new XrmException("not_found", 404, $"There is no rule {rule} of {entity}.");

    /// <param name="Reason">Why; people read it later.</param>
    internal sealed record SwitchBody(string? Reason);
}
