using System.Collections;
using System.Globalization;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>The record fulfils what rules without a script demand of it: values are there, locked ones were left alone, options are among those that are left.</summary>
internal sealed class CheckDemands : ISaveStep
{
    public Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Demands is not { } demands || save.Operation == Operation.Delete) return Task.CompletedTask;
        foreach (var field in demands.Required)
            if (CheckFields.IsEmpty(save, field)) Fail(save, field, "required", $"{field.Label} is required.");
        if (!save.Unit.Caller.IsSystem)
            foreach (var field in demands.Locked.Except(demands.Written))
                if (IsSent(save, field)) Fail(save, field, "readonly", $"{field.Label} cannot be changed.");
        foreach (var limit in demands.Limits) CheckLimit(save, limit);
        return Task.CompletedTask;
    }

    private static bool IsSent(SaveContext save, Field field) =>
        save.Sets.ContainsKey(field) || field.Columns.Any(column => save.Given.Contains(column.Name) && save.IsChanged(column.Name));

    private static void CheckLimit(SaveContext save, DemandedOptions limit)
    {
        var field = limit.Action.Fields[0];
        if (save.Values.Get(field.Column!.Name) is not { } value || !IsDue(save, field, limit.When)) return;
        var allowed = limit.Action.Options.Select(option => option.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var chosen in value is string or long ? [value] : ((IEnumerable)value).Cast<object>())
            if (!allowed.Contains(Convert.ToString(chosen, CultureInfo.InvariantCulture)!))
                Fail(save, field, "option_not_offered", $"{field.Label}: {Label(field, chosen)} cannot be chosen here; possible are {string.Join(", ", allowed.Select(option => Label(field, option)))}.");
    }

    /// <summary>A record that was there before the rule keeps its value until somebody touches what the rule is about.</summary>
    private static bool IsDue(SaveContext save, Field field, Expression? when) =>
        save.IsChanged(field) || (when is not null && save.Unit.Published.Formulas[when].Fields.Any(asked => save.IsChanged(asked) || save.Sets.ContainsKey(asked)));

    private static string Label(Field field, object value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return field.Options.FirstOrDefault(option => option.Value.ToString() == text)?.Label ?? text;
    }

    private static void Fail(SaveContext save, Field field, string code, string message)
    {
        var name = field.Column?.Name ?? field.Name;
        if (!save.HasFailed(name)) save.Fail(name, code, message);
    }
}
