using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Scripts;

/// <summary>What whoever writes scripts in the browser needs, for administrators.</summary>
internal static class ScriptEndpoints
{
    public static void MapScripts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/metadata/scripts").WithTags("Metadata").RequireAuthorization(Policies.Administrator);
        group.MapGet("/", ListAsync);
        group.MapGet("/inputs", Inputs);
    }

    private static async Task<JsonHttpResult<ImmutableArray<ScriptView>>> ListAsync(CurrentModel current, PackageStore store, CancellationToken ct)
    {
        var (_, packages) = await store.ReadAsync(ct);
        var uses = ScriptInputs.Uses(current.Value.Model);
        return TypedResults.Json<ImmutableArray<ScriptView>>(
            [.. from package in packages from file in package.Content.Keys where IsWritten(package, file) select View(package.Name, file, uses[new SourceLocation(package.Name, file)])], ApiJson.Options);
    }

    // What was made of a source is nobody's to write.
    private static bool IsWritten(PackageFiles package, string file) => file.StartsWith("rules/", StringComparison.Ordinal)
        && (BuiltScript.IsSource(file) || (file.EndsWith(".js", StringComparison.Ordinal) && !package.Content.ContainsKey(BuiltScript.SourceOf(file))));

    private static ScriptView View(string package, string file, IEnumerable<ScriptUse> uses) => new(package, file["rules/".Length..],
        [.. uses.Select(use => new ScriptUseView(
            use.Script is { } script ? script.Kind.ToString().ToLowerInvariant() : ScriptInputs.Form, use.Entity?.Name, use.Script?.Name,
            use.Script is { Kind: ScriptKind.Rule, Name: var name } && use.Entity!.Rules.FirstOrDefault(rule => rule.Name == name) is { IsAfter: false }))]);

    /// <param name="kind">Where the script runs: <c>rule</c> for the server, <c>form</c> for forms.</param>
    /// <param name="entity">Names of the entities that it is used for other than by actions, with commas between them.</param>
    /// <param name="action">Names of the actions that run it, in the same way.</param>
    /// <param name="current">The published model.</param>
    private static JsonHttpResult<ScriptInputsBody> Inputs(string? kind, string? entity, string? action, CurrentModel current)
    {
        var model = current.Value.Model;
        if (kind is not (ScriptInputs.Rule or ScriptInputs.Form)) throw XrmException.Invalid([new FieldError("kind", "unknown", "The kind is rule or form.")]);
        var entities = Parts(entity).Select(name => AskedElements.Entity(model, name)).ToList();
        var actions = Parts(action).Select(name => AskedElements.Action(model, name)).ToList();
        return TypedResults.Json(new ScriptInputsBody(ScriptInputs.Libraries(model, kind), [.. ScriptInputs.Contexts(kind, entities, actions)]), ApiJson.Options);
    }

    private static string[] Parts(string? names) => (names ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A script that somebody writes.</summary>
    /// <param name="Package">Its package.</param>
    /// <param name="File">File name under <c>rules/</c>.</param>
    /// <param name="Uses">What it is used for.</param>
    internal sealed record ScriptView(string Package, string File, ImmutableArray<ScriptUseView> Uses);

    /// <summary>One use of a script.</summary>
    /// <param name="Kind"><c>rule</c>, <c>action</c>, <c>schedule</c> or <c>form</c>.</param>
    /// <param name="Entity">Entity of its record; null for none.</param>
    /// <param name="Name">Name of the rule, action or schedule.</param>
    /// <param name="CanBeTried">It is a rule that runs in the save, and can be tried on records without effect.</param>
    internal sealed record ScriptUseView(string Kind, string? Entity, string? Name, bool CanBeTried);

    /// <summary>What a script is checked against.</summary>
    /// <param name="Libraries">Declarations that every script of its kind sees.</param>
    /// <param name="Contexts">Declarations of its record and its parameters, one for each different use.</param>
    internal sealed record ScriptInputsBody(ImmutableArray<ScriptLibrary> Libraries, ImmutableArray<string> Contexts);
}
