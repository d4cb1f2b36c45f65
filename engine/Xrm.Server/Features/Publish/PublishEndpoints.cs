using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Metadata;
using Xrm.Metadata.Source;
using Xrm.Server.Hosting;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Publish;

/// <summary>Planning and publishing by HTTP: for the designer, and for tools that keep packages elsewhere.</summary>
internal static class PublishEndpoints
{
    public static void MapPublish(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/metadata").WithTags("Metadata").RequireAuthorization(Policies.Designer);
        group.MapGet("/packages", ListAsync);
        group.MapGet("/packages/{name}", GetAsync);
        group.MapPost("/plan", PlanAsync);
        group.MapPost("/test", TestAsync);
        group.MapPost("/publish", PublishAsync);
    }

    private static async Task<Ok<IReadOnlyList<PackageSummary>>> ListAsync(HttpContext http, PackageStore store, CallerProvider callers, CancellationToken ct)
    {
        var caller = await callers.GetAsync(http, ct);
        var (_, packages) = await store.ReadAsync(ct);
        return TypedResults.Ok<IReadOnlyList<PackageSummary>>([.. packages.Where(package => caller.Designs(package.Name)).Select(package => new PackageSummary(package.Name, package.Hash(), package.Content.Count))]);
    }

    private static async Task<Ok<PackageBody>> GetAsync(string name, HttpContext http, PackageStore store, CallerProvider callers, CancellationToken ct)
    {
        var caller = await callers.GetAsync(http, ct);
        var (_, packages) = await store.ReadAsync(ct);
        // One that the caller may not change looks like one that is not there.
        var package = packages.FirstOrDefault(package => package.Name == name && caller.Designs(name))
            ?? throw new XrmException("package_not_found", 404, $"There is no published package '{name}'.");
        var paths = http.Request.Query["path"];
        var wanted = paths.Count == 0 ? package.Content : package.Content.Where(file => paths.Contains(file.Key));
        var files = wanted.ToImmutableSortedDictionary(file => file.Key, file => Encoding.UTF8.GetString(file.Value.AsSpan()), StringComparer.Ordinal);
        return TypedResults.Ok(new PackageBody(package.Name, files));
    }

    private static async Task<JsonHttpResult<PlanBody>> PlanAsync(PublishBody body, HttpContext http, PublishService service, DesignRights rights, CallerProvider callers, CancellationToken ct)
    {
        var request = await rights.CheckAsync(body.ToRequest(await callers.GetAsync(http, ct)), ct);
        return TypedResults.Json(PlanBody.From(await service.PlanAsync(request, ct)), ApiJson.Options);
    }

    private static async Task<JsonHttpResult<TestReportBody>> TestAsync(
        TestBody body, HttpContext http, PublishService service, DesignRights rights, CallerProvider callers, ILogger<PublishService> log, CancellationToken ct)
    {
        var request = await rights.CheckAsync(new PublishBody(body.Packages, [], null, []).ToRequest(await callers.GetAsync(http, ct)), ct);
        var report = await service.TestAsync(request, body.Filter, line => log.LogInformation("Test: {Progress}", line), ct);
        return TypedResults.Json(TestReportBody.From(report), ApiJson.Options);
    }

    private static async Task<JsonHttpResult<PublishedBody>> PublishAsync(
        PublishBody body, HttpContext http, PublishService service, DesignRights rights, CallerProvider callers, ILogger<PublishService> log, CancellationToken ct)
    {
        var origin = SaveOrigin.Of(http);
        var request = await rights.CheckAsync(body.ToRequest(await callers.GetAsync(http, ct)), ct) with { Source = origin.Source, Address = origin.Address };
        var result = await service.PublishAsync(request, line => log.LogInformation("Publish: {Progress}", line), ct);
        var status = result.Version is null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        return TypedResults.Json(new PublishedBody(result.Version, PlanBody.From(result.Plan)), ApiJson.Options, statusCode: status);
    }

    internal sealed record PackageSummary(string Name, string Hash, int Files);

    /// <summary>A package: text of its files by path.</summary>
    internal sealed record PackageBody(string Name, ImmutableSortedDictionary<string, string> Files);

    /// <summary>What to plan or publish.</summary>
    /// <param name="Packages">Packages to install or replace.</param>
    /// <param name="Drop">What may be deleted with its data: <c>entity</c> or <c>entity.field</c>.</param>
    /// <param name="BaseVersion">Version that the packages were made from; another one in force is a conflict.</param>
    /// <param name="Remove">Names of packages to take out of force.</param>
    internal sealed record PublishBody(ImmutableArray<PackageBody> Packages, ImmutableArray<string> Drop, long? BaseVersion, ImmutableArray<string> Remove)
    {
        public PublishRequest ToRequest(Caller caller) => Packages.IsDefaultOrEmpty && Remove.IsDefaultOrEmpty
            ? throw XrmException.Invalid([new FieldError("packages", "required", "Name at least one package to publish or to remove.")])
            : new PublishRequest([.. (Packages.IsDefault ? [] : Packages).Select(ToFiles)], ToSet(Drop), BaseVersion, caller) { Remove = ToSet(Remove) };

        private static PackageFiles ToFiles(PackageBody package) => new(package.Name, package.Files.ToImmutableSortedDictionary(
            file => file.Key, file => Encoding.UTF8.GetBytes(file.Value).ToImmutableArray(), StringComparer.Ordinal));

        private static HashSet<string> ToSet(ImmutableArray<string> names) => names.IsDefault ? [] : names.ToHashSet(StringComparer.Ordinal);
    }

    internal sealed record PublishedBody(long? Version, PlanBody Plan);

    internal sealed record PlanBody(long BaseVersion, bool IsEmpty, ImmutableArray<PlanPackage> Packages, ImmutableArray<PlanStep> Steps, ImmutableArray<PlanProblem> Problems, ImmutableArray<PlanProblem> Warnings)
    {
        public static PlanBody From(PublishPlan plan) => new(
            plan.BaseVersion, plan.IsEmpty,
            [.. plan.Packages.Select(package => new PlanPackage(package.Name, package.State.ToString().ToLowerInvariant(), package.Files))],
            [.. plan.Changes.Select(change => new PlanStep(
                System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(change.Kind.ToString()), change.Entity, change.Column, change.Sentence,
                change.Risk.ToString().ToLowerInvariant(), change.Rows, change.IsDeferred || change.IsLeftToJob, change.Sql))],
            [.. plan.Problems.Select(PlanProblem.From)], [.. plan.Warnings.Select(PlanProblem.From)]);
    }

    internal sealed record PlanPackage(string Name, string State, ImmutableArray<string> Files);

    internal sealed record PlanStep(string Kind, string Entity, string? Column, string Sentence, string Risk, long Rows, bool Deferred, ImmutableArray<string> Sql);

    internal sealed record PlanProblem(string Code, SourceLocation Location, string Message, string Remedy)
    {
        public static PlanProblem From(Problem problem) => new(problem.Code, problem.Location, problem.Message, problem.Remedy);
    }
}
