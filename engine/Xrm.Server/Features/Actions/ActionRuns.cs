using System.Text.Json;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Data.Rules;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Localization;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Scripts;
using Xrm.Server.Pipeline.Steps;

namespace Xrm.Server.Features.Actions;

/// <summary>Runs actions that are about no record, each in a transaction of its own: all that it does comes to be, or nothing.</summary>
internal sealed class ActionRuns(Database database, ScriptEngine scripts, ScriptServices services, SavePipeline pipeline, TimeProvider time, ILogger<ActionRuns> log)
{
    /// <summary>Runs an action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="parameters">What <see cref="ActionParameters"/> has read.</param>
    /// <param name="request">Model, who runs it, language, and where from.</param>
    /// <param name="ct">Cancels the run.</param>
    /// <exception cref="XrmException">422: the script went wrong, or what it asked for was refused; 400: it has refused.</exception>
    public async Task<ScriptOutcome> RunAsync(ScriptAction action, JsonElement parameters, (PublishedModel Published, Caller Caller, Texts Texts, SaveOrigin Origin) request, CancellationToken ct)
    {
        if (await services.Activity.IsOffAsync(RuleKey.Of(action), ct)) throw RunRules.SwitchedOff(action);
        for (var tried = 1; ; tried++)
            try
            {
                var outcome = await database.InRecordTransactionAsync((records, ct) => RunAsync(action, parameters, records, request, ct), request.Published, request.Caller.TimeLimit, ct);
                foreach (var line in outcome.Log) log.LogInformation("{Script}, line {Line} of {File}: {Text}", action.Script, line.Line, action.Script.Location.File, line.Text);
                return outcome;
            }
            catch (XrmException refused) when (BusyRecords.MayTryAgain(refused, tried))
            {
                await BusyRecords.PauseAsync(tried, time, ct);
            }
    }

    private async Task<ScriptOutcome> RunAsync(ScriptAction action, JsonElement parameters, RecordTransaction records, (PublishedModel, Caller Caller, Texts Texts, SaveOrigin Origin) request, CancellationToken ct)
    {
        var unit = new SaveUnit(records, request.Caller, time.GetUtcNow().UtcDateTime) { Texts = request.Texts, Origin = request.Origin, Cause = new SaveCause("rule", action.Name) };
        var call = new ScriptCall(new RecordValues(), null, ScriptCallers.Of(request.Caller), unit.UtcNow, new ScriptHost(action.Script, unit, null, services, pipeline.RunAsync)) { Operation = "action", Parameters = parameters };
        try
        {
            ScriptOutcome? ran = null;
            await services.Activity.RunAloneAsync(RuleKey.Of(action), async () => (ran = await scripts.RunAsync(action.Script, call, ct)).Failures.Length > 0);
            var outcome = ran!;
            if (!outcome.Failures.IsEmpty) throw XrmException.Invalid([.. outcome.Failures.Select(failure => new FieldError(null, "rule_refused", failure.Message))]);
            return outcome;
        }
        catch (ScriptHostException stopped) when (stopped.InnerException is XrmException refused)
        {
            throw ScriptRefusals.Of(stopped, refused);
        }
        catch (ScriptException wrong)
        {
            throw new XrmException(wrong.Code, 422, wrong.Message, inner: wrong);
        }
    }
}
