using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Pipeline.Steps;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>Runs a script inside a save, and takes over what it made of the record.</summary>
internal sealed class RunScript(ScriptEngine scripts, ScriptServices services, ComputeValues compute, Func<SaveContext, CancellationToken, Task> pipeline, ILogger log)
{
    /// <summary>Runs a script for a record.</summary>
    /// <exception cref="XrmException">422: the script went wrong; or what it asked for was refused.</exception>
    public async Task RunAsync(Script script, SaveContext save, CancellationToken ct)
    {
        ScriptChain.Check(save.Unit.Chain);
        var host = new ScriptHost(script, save.Unit, save, services, pipeline);
        if (await CallAsync(script, save, host, ct) is not { } outcome) return;
        foreach (var line in outcome.Log) log.LogInformation("{Script}, line {Line} of {File}: {Text}", script, line.Line, script.Location.File, line.Text);
        foreach (var warning in outcome.Warnings) save.Tell(SaveMessage.Warning, Property(warning.Field), warning.Message);
        if (script.Kind == ScriptKind.Action) save.ActionResult = outcome.Result;
        foreach (var failure in outcome.Failures) save.Fail(Property(failure.Field), "rule_refused", failure.Message);
        if (host.HasWritten) await TakeOverAsync(save, ct);
        if (save.Operation == Operation.Delete || (outcome.Changes.IsEmpty && !host.HasWritten)) return;
        foreach (var (column, value) in outcome.Changes) Take(script, save, column, value);
        await compute.RunAsync(save, ct);
    }

    private async Task<ScriptOutcome?> CallAsync(Script script, SaveContext save, ScriptHost host, CancellationToken ct)
    {
        var unit = save.Unit;
        var (values, previous) = (await WithComputedAsync(script, save, ct), save.Previous);
        if (IsOfCaller(script)) (values, previous) = (Readable(values, save), previous is null ? null : Readable(previous, save));
        try
        {
            return await scripts.RunAsync(script, new ScriptCall(values, previous, ScriptCallers.Of(unit.Caller), unit.UtcNow, host)
            {
                Inside = unit.ScriptThread,
                Trace = unit.Trace?.Script(),
                Operation = save.Action is null || script.Kind != ScriptKind.Action ? save.Operation.ToString().ToLowerInvariant() : "action",
                Transition = save.Transition?.Name,
                Parameters = save.Action?.Parameters ?? default,
            }, ct);
        }
        catch (ScriptException wrong) when (wrong.Code == "rule_error" && NoteMissing(save))
        {
            // The script stumbled over a value that is missing and must not be: that is what the person has to know.
            return null;
        }
        catch (ScriptHostException stopped) when (stopped.InnerException is XrmException refused)
        {
            throw ScriptRefusals.Of(stopped, refused);
        }
        catch (ScriptException wrong)
        {
            throw new XrmException(wrong.Code, 422, $"{wrong.Message} ({save.Entity.Name} {save.Id})", inner: wrong);
        }
    }

    /// <summary>What the changes of others have changed in the stored record, such as its rollups, is not overwritten by what was known before.</summary>
    private static async Task TakeOverAsync(SaveContext save, CancellationToken ct)
    {
        if (save.IsNew) return;
        var stored = await RecordLoader.LoadForUpdateAsync(save.Unit.Records, save.Entity, save.Id, ct)
            ?? throw new XrmException("rule_removed_record", 422, $"A rule has removed {save.Entity.Name} {save.Id} while it was saved, by what it did to another record.");
        foreach (var column in save.Table.Columns)
            if (!save.IsChanged(column.Name)) save.Values[column.Name] = stored.Get(column.Name);
        save.Previous = stored;
    }

    private static bool NoteMissing(SaveContext save)
    {
        if (save.Operation == Operation.Delete) return false;
        foreach (var field in save.Entity.Fields)
            if (field is { Required.Always: true, IsComputed: false } && CheckFields.IsEmpty(save, field))
                save.Fail(field.Column?.Name ?? field.Name, "required", $"{field.Label} is required.");
        return save.Errors.Count > 0;
    }

    /// <summary>Formulas and rollups that are not stored are computed for scripts that name them.</summary>
    private static async Task<RecordValues> WithComputedAsync(Script script, SaveContext save, CancellationToken ct)
    {
        var formulas = save.Unit.Published.Formulas;
        var named = save.Entity.Fields.Where(field => field.Column is not null && !formulas.IsStored(field) && script.Text.Contains(field.Name, StringComparison.Ordinal)).ToImmutableArray();
        if (named.IsEmpty) return save.Values;
        return await save.Unit.Related.WithAsync(() =>
        {
            var values = new RecordValues(save.Values);
            foreach (var field in named)
                foreach (var column in field.Columns) values[column.Name] = new RecordScope(save).Computed(field, column);
            return values;
        }, ct);
    }

    /// <summary>What people run when they want it sees and changes of its record what they may; rules, which hold whoever saves, see and change all of it.</summary>
    private static bool IsOfCaller(Script script) => script is { Kind: ScriptKind.Action, RunsAsSystem: false };

    private static RecordValues Readable(RecordValues values, SaveContext save)
    {
        if (save.Entity.Fields.All(save.Unit.Caller.CanReadField)) return values;
        var readable = new RecordValues(values);
        foreach (var column in save.Entity.Fields.Where(field => !save.Unit.Caller.CanReadField(field)).SelectMany(field => field.Columns)) readable.Remove(column.Name);
        return readable;
    }

    private static void Take(Script script, SaveContext save, string name, object? value)
    {
        var (field, column) = save.Entity.FindColumn(name)!.Value;
        if (IsOfCaller(script) && !save.Unit.Caller.CanWriteField(field))
            throw XrmException.Forbidden($"{script.FullName} changes {field.Label}, which you may not change. Whoever keeps the action can let it run as system.", save.Path + name);
        var read = ForeignValues.Read(field, column, value);
        if (!read.Ok)
        {
            var wrong = ScriptEngine.WrongValue(script, column.Part.Length == 0 ? field.Name : column.Name, $"record.{field.Name} cannot take this value: {read.Message}");
            throw new XrmException(wrong.Code, 422, $"{wrong.Message} ({save.Entity.Name} {save.Id})", inner: wrong);
        }
        save.Values[name] = read.Value;
    }

    private static string? Property(Field? field) => field is null ? null : field.Column?.Name ?? field.Name;
}
