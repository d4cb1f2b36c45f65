using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Runs the entity's scripts, in their order. What one changes, the next sees, formulas included.</summary>
internal sealed class RunRules(ScriptEngine scripts, ComputeValues compute, ILogger log) : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        foreach (var rule in save.Entity.Rules)
        {
            // A script must not meet values that are refused anyway.
            if (save.Errors.Count > 0) return;
            if (Applies(rule, save)) await RunAsync(rule, save, ct);
        }
    }

    private static bool Applies(Rule rule, SaveContext save) => save.Operation switch
    {
        Operation.Create => rule.OnCreate,
        Operation.Delete => rule.OnDelete,
        _ => rule.OnUpdate && (rule.Fields.IsEmpty || rule.Fields.Any(field => save.IsChanged(field) || save.Sets.ContainsKey(field))),
    };

    private async Task RunAsync(Rule rule, SaveContext save, CancellationToken ct)
    {
        if (await CallAsync(rule, save, ct) is not { } outcome) return;
        foreach (var line in outcome.Log) log.LogInformation("Rule {Entity}.{Rule}: {Line}", rule.Entity.Name, rule.Name, line);
        foreach (var failure in outcome.Failures) save.Fail(failure.Field is { } field ? field.Column?.Name ?? field.Name : null, "rule_refused", failure.Message);
        if (save.Operation == Operation.Delete || outcome.Changes.IsEmpty) return;
        foreach (var (column, value) in outcome.Changes) Take(rule, save, column, value);
        await compute.RunAsync(save, ct);
    }

    private async Task<ScriptOutcome?> CallAsync(Rule rule, SaveContext save, CancellationToken ct)
    {
        var unit = save.Unit;
        var user = new ScriptUser(unit.Caller.UserId, unit.Caller.UserName, unit.Caller.DisplayName, [.. unit.Caller.Roles.Order(StringComparer.Ordinal)]);
        var values = await WithComputedAsync(rule, save, ct);
        try
        {
            return await scripts.RunAsync(rule, new ScriptCall(values, save.Previous, user, unit.UtcNow), ct);
        }
        catch (ScriptException wrong) when (wrong.Code == "rule_error" && NoteMissing(save))
        {
            // The script stumbled over a value that is missing and must not be: that is what the person has to know.
            return null;
        }
        catch (ScriptException wrong)
        {
            throw new XrmException(wrong.Code, 422, $"{wrong.Message} ({save.Entity.Name} {save.Id})", inner: wrong);
        }
    }

    private static bool NoteMissing(SaveContext save)
    {
        if (save.Operation == Operation.Delete) return false;
        foreach (var field in save.Entity.Fields)
            if (field is { Required.Always: true, IsComputed: false } && CheckFields.IsEmpty(save, field))
                save.Fail(field.Column?.Name ?? field.Name, "required", $"{field.Label} is required.");
        return save.Errors.Count > 0;
    }

    /// <summary>Formulas that are not stored are computed for scripts that name them.</summary>
    private static async Task<RecordValues> WithComputedAsync(Rule rule, SaveContext save, CancellationToken ct)
    {
        var formulas = save.Unit.Published.Formulas;
        var named = save.Entity.Fields.Where(field => field.Formula is not null && !formulas.IsStored(field) && rule.Script.Contains(field.Name, StringComparison.Ordinal)).ToImmutableArray();
        if (named.IsEmpty) return save.Values;
        return await save.Unit.Related.WithAsync(() =>
        {
            var values = new RecordValues(save.Values);
            foreach (var field in named) values[field.Column!.Name] = formulas[field.Formula!].Evaluate(new RecordScope(save));
            return values;
        }, ct);
    }

    private static void Take(Rule rule, SaveContext save, string name, object? value)
    {
        var (field, column) = save.Entity.FindColumn(name)!.Value;
        var read = ForeignValues.Read(field, column, value);
        if (!read.Ok) throw new XrmException("rule_value", 422, $"Rule {rule.Entity.Name}.{rule.Name} set {field.Name} to a wrong value: {read.Message} ({save.Entity.Name} {save.Id})");
        save.Values[name] = read.Value;
    }
}
