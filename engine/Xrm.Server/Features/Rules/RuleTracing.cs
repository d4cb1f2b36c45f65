using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Insight;
using Xrm.Server.Pipeline.Scripts;
using Xrm.Server.Pipeline.Steps;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Rules;

/// <summary>
/// Tries a save, an action or a schedule and tells what each rule does in it. All of it is rolled back, plugins do not hear of it, mails and calls of other servers are
/// told and not made.
/// </summary>
internal sealed class RuleTracing(Database database, CurrentModel current, RuleVariants variants, RecordCommands commands, ScriptTrial scripts, UserStore users, CallerProvider callers, TimeProvider time, ILogger<RuleTracing> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Tries what is asked for.</summary>
    /// <exception cref="XrmException">400: the request is not understood; 404: there is no such rule.</exception>
    public async Task<TraceAnswer> RunAsync(TraceRequest request, Caller administrator, CancellationToken ct)
    {
        var published = current.Value;
        RuleVariant? variant = null;
        if (request.Change is { } change)
        {
            (variant, var problems) = await variants.MakeAsync(change, ct);
            if (variant is null) return new TraceAnswer("failed", problems[0].Message, [], [], 0, [], [.. problems.Select(ProblemView.Of)], null);
            published = variant.Published;
        }
        var attempt = Attempt(request, published.Model);
        var caller = await CallerAsync(request, administrator, ct);
        return await Trial.RunAsync(database, published, Limit, async (records, ct) =>
        {
            var trace = new RuleTrace(variant?.Rule);
            var unit = new SaveUnit(records, request.Schedule is null ? caller : Caller.System, time.GetUtcNow().UtcDateTime) { Trace = trace, Cause = new SaveCause("trial", "trace") };
            var started = time.GetTimestamp();
            var (messages, result) = (ImmutableArray<SaveMessage>.Empty, (string?)null);
            XrmException? refused = null;
            try
            {
                (messages, result) = await attempt(unit, ct);
                // What the database itself refuses is told, too.
                await unit.Records.FlushAsync(ct);
                await scripts.FollowAsync(unit, ct);
            }
            catch (XrmException exception) when (exception.Status < 500)
            {
                refused = exception;
            }
            return new TraceAnswer(
                refused is null ? "accepted" : RuleActivity.IsFailure(refused) ? "failed" : "refused", refused?.Message, refused?.Errors ?? [], messages,
                time.GetElapsedTime(started).TotalMilliseconds, [.. trace.Entries.Select(TracedRuleView.Of)], [], result is null ? null : JsonSerializer.Deserialize<JsonElement>(result));
        }, ct);
    }

    /// <summary>Whose rights and roles count. Only administrators trace, and these may read all that the other may.</summary>
    private async Task<Caller> CallerAsync(TraceRequest request, Caller administrator, CancellationToken ct)
    {
        if (request.AsUser is not { } name) return administrator;
        if (await users.FindByNameAsync(name, ct) is not { IsActive: true } user) throw Wrong("asUser", "unknown", $"There is no active user {name}.");
        log.LogWarning("{Administrator} traces as {User}: {Entity} {Id}", administrator.UserName, user.UserName, request.Entity, request.Id);
        return await callers.ForUserAsync(user.Id, ct);
    }

    /// <summary>The entity of that name.</summary>
    /// <exception cref="XrmException">400: none is named, or there is none.</exception>
    public static Entity FindEntity(Model model, string? name)
    {
        if (name is null) throw Wrong("entity", "required", "Name the entity.");
        return model.FindEntity(name) ?? throw Wrong("entity", "unknown", $"There is no entity {name}.{(Names.Nearest(name, model.Entities.Select(one => one.Name)) is { } near ? $" Did you mean {near}?" : "")}");
    }

    private static XrmException Wrong(string field, string code, string message) => XrmException.Invalid([new FieldError(field, code, message)]);

    private static Operation OperationOf(TraceRequest request) => request.Operation switch
    {
        null => request.Id is null ? Operation.Create : Operation.Update,
        "create" => Operation.Create,
        "update" or "delete" when request.Id is null => throw Wrong("id", "required", "Name the record."),
        "update" => Operation.Update,
        "delete" => Operation.Delete,
        _ => throw Wrong("operation", "unknown", "The operation is create, update or delete."),
    };

    /// <summary>What is tried: gives what the person is told, and the JSON that an action returns.</summary>
    private Func<SaveUnit, CancellationToken, Task<(ImmutableArray<SaveMessage> Messages, string? Result)>> Attempt(TraceRequest request, Model model)
    {
        if (request.Schedule is { } name)
        {
            var schedule = model.Schedules.FirstOrDefault(one => one.Name == name) ?? throw Wrong("schedule", "unknown", $"There is no schedule {name}.");
            return async (unit, ct) => Told(await scripts.KeepTimeAsync(request.Script is { } text ? schedule with { Script = schedule.Script with { Text = text } } : schedule, unit, ct));
        }
        var entity = request is { Entity: null, Action: not null } ? null : FindEntity(model, request.Entity);
        if (request.Action is { } wanted)
        {
            var action = model.FindAction(entity, wanted) ?? throw Wrong("action", "unknown", $"There is no action {wanted}{(entity is null ? "" : $" of {entity.Name}")}.");
            if (request.Script is { } text) action = action with { Script = action.Script with { Text = text } };
            var parameters = ActionParameters.Read(action, request.Parameters ?? default);
            if (entity is null) return async (unit, ct) =>
            {
                CheckRights.MayRun(unit.Caller, action);
                return Told(await scripts.ActAsync(action, parameters, unit, ct));
            };
            var about = request.Id ?? throw Wrong("id", "required", "Name the record.");
            return async (unit, ct) => Told(await commands.ActAsync(unit, action, (entity, about, null), parameters, ct));
        }
        var operation = OperationOf(request);
        var values = request.Values is { ValueKind: JsonValueKind.Object } given ? given : JsonSerializer.Deserialize<JsonElement>("{}");
        return async (unit, ct) => Told(operation switch
        {
            Operation.Create => await commands.CreateAsync(unit, entity!, values, ct),
            Operation.Delete => await commands.DeleteAsync(unit, entity!, request.Id!.Value, null, ct),
            _ => await commands.UpdateAsync(unit, entity!, request.Id!.Value, values, null, ct),
        });
    }

    private static (ImmutableArray<SaveMessage>, string?) Told(SaveContext save) => ([.. save.Messages], save.ActionResult);

    private static (ImmutableArray<SaveMessage>, string?) Told(ScriptOutcome outcome) =>
        ([.. outcome.Warnings.Select(warning => new SaveMessage(SaveMessage.Warning, null, warning.Message))], outcome.Result);
}
