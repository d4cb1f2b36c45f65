using System.Text.Json;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Server.Localization;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Scripts;
using Xrm.Server.Pipeline.Steps;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Actions;

/// <summary>The actions that are about no record: <c>POST /api/actions/NAME</c>.</summary>
internal static class ActionEndpoints
{
    public static void MapActions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/actions").WithTags("Actions").RequireAuthorization();
        group.MapPost("/{name}", Run);
    }

    private static async Task Run(HttpContext http, string name, ActionRuns runs, CurrentModel current, CallerProvider callers)
    {
        var published = current.Value;
        var (caller, texts) = (await callers.GetAsync(http, http.RequestAborted), Texts.For(published.Model, http.Request));
        var action = published.Model.FindAction(null, name) ?? throw Unknown(published.Model, name);
        CheckRights.MayRun(caller, action);
        var parameters = ActionParameters.Read(action, await RequestBody.ReadOptionalAsync(http));
        var outcome = await runs.RunAsync(action, parameters, (published, caller, texts, SaveOrigin.Of(http)), http.RequestAborted);
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WritePropertyName("value");
        writer.WriteRawValue(outcome.Result ?? "null");
        if (!outcome.Warnings.IsEmpty) MessageAnnotation.Write(writer, [.. outcome.Warnings.Select(warning => new SaveMessage(SaveMessage.Warning, null, warning.Message))]);
        writer.WriteEndObject();
    }

    private static XrmException Unknown(Model model, string name) => new("action_unknown", 404, model.Actions.FirstOrDefault(action => action.Name == name) is { Entity: { } entity }
        ? $"{name} is about a record: POST /api/data/{entity.Plural}/ID/{name}."
        : $"There is no action {name}.{(Names.Nearest(name, model.Actions.Where(action => action.Entity is null).Select(action => action.Name)) is { } near ? $" Did you mean {near}?" : "")}");
}
