using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Rules;
using Xrm.Data.Sql;
using Xrm.Data.Workflows;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Xrm.Server.Pipeline.Insight;
using Rule = Xrm.Metadata.Compiled.Rule;
using Workflow = Xrm.Metadata.Source.Workflow;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Adds a run for each script that follows the save. The runs exist when the transaction commits, and not before: no save is without its scripts, and no script without its save.</summary>
internal sealed class StartScripts(WorkflowRunStore runs, RuleActivity activity) : ISaveStep
{
    /// <summary>Type of the one step of such a run.</summary>
    public const string StepType = "script";

    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        // What is purged was told of when it went to the recycle bin.
        if (!save.Unit.PublishesEvents || (save.Operation == Operation.Delete && save.WasRecycled)) return;
        if (save.Duties.RulesAfter.IsEmpty) return;
        var off = await activity.OffAsync(save, ct);
        foreach (var each in save.Duties.RulesAfter)
        {
            var rule = save.Unit.Trace?.InForce(each) ?? each;
            if ((off.Contains(RuleKey.Of(rule)) && save.Unit.Trace?.IsTried(rule) != true) || !RunRules.Applies(rule, save)) continue;
            var holds = await StartWorkflows.HoldsAsync(rule.When, save, ct);
            if (save.Unit.Trace is not { } trace)
            {
                if (holds) await AddAsync(rule, save, ct);
            }
            else if (holds) trace.Following.Enqueue((rule, save));
            else trace.Skip(rule, save, "condition");
        }
    }

    private async Task AddAsync(Rule rule, SaveContext save, CancellationToken ct)
    {
        var unit = save.Unit;
        var run = new NewWorkflowRun(Guid.CreateVersion7(unit.UtcNow), rule.Script!.FullName, Definition(rule.Script, rule.Name), (save.Entity.Name, save.Id), "0")
        {
            Depth = StartWorkflows.Depth(unit),
            Chain = unit.Cause?.Chain ?? [],
            StartedBy = unit.Caller.UserId,
            Event = Event(save),
            Refusal = StartWorkflows.Refusal(unit, rule.Script.FullName),
        };
        await runs.AddAsync(await unit.Records.BeginAsync(ct), run, ct);
    }

    /// <summary>A run of a script is one of a workflow with this one step.</summary>
    /// <param name="script">The script.</param>
    /// <param name="name">Name of what it belongs to.</param>
    public static string Definition(Script script, string name) => JsonSerializer.Serialize(new Workflow
    {
        Name = name,
        Entity = script.Entity?.Name ?? "",
        Trigger = new Trigger { On = ["update"] },
        Steps = [new Step { Name = name, Type = StepType }],
    }, SourceJson.Options);

    private static string Event(SaveContext save) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("operation", save.Operation.ToString().ToLowerInvariant());
        writer.WriteString("transition", save.Transition?.Name);
        writer.WritePropertyName("record");
        save.Table.Write(writer, save.Values, withNulls: false);
        if (save.Previous is { } previous)
        {
            writer.WritePropertyName("previous");
            save.Table.Write(writer, previous, withNulls: false);
        }
        writer.WriteEndObject();
    });
}
