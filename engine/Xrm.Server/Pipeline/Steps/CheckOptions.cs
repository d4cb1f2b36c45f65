using System.Collections;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Metadata.Source;
using Field = Xrm.Metadata.Compiled.Field;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>A chosen option is not retired, and is one of those offered for the value that it depends on.</summary>
internal sealed class CheckOptions : ISaveStep
{
    public Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete) return Task.CompletedTask;
        foreach (var field in save.Duties.WithOptions)
        {
            var column = field.Column!;
            if (save.Values.Get(column.Name) is not { } value) continue;
            var parent = field.Source.Parent is { } name ? save.Entity.FindField(name) : null;
            if (!save.IsChanged(column.Name) && (parent is null || !save.IsChanged(parent))) continue;
            foreach (var one in value is string or long ? [value] : ((IEnumerable)value).Cast<object>()) Check(save, field, parent, one);
        }
        return Task.CompletedTask;
    }

    private static void Check(SaveContext save, Field field, Field? parent, object value)
    {
        if (field.Options.FirstOrDefault(candidate => Is(candidate.Value, value)) is not { } option) return;
        if (option.Retired && save.IsChanged(field.Column!.Name) && !HadBefore(save, field, value) && !save.Unit.Caller.IsSystem)
            save.Fail(field.Column.Name, "option_retired", $"{field.Label}: {Label(option)} is not offered any more.");
        if (parent is null || option.When.IsDefaultOrEmpty) return;
        var governing = save.Values.Get(parent.Column!.Name);
        if (governing is null || !option.When.Any(when => Is(when, governing)))
            save.Fail(field.Column!.Name, "option_not_offered", $"{field.Label}: {Label(option)} does not go with {parent.Label} {governing ?? "(empty)"}.");
    }

    private static bool HadBefore(SaveContext save, Field field, object value) => save.Previous?.Get(field.Column!.Name) switch
    {
        null => false,
        string or long => false,
        IEnumerable list => list.Cast<object>().Contains(value),
        _ => false,
    };

    private static bool Is(JsonElement option, object value) => option.ValueKind == JsonValueKind.String ? Equals(option.GetString(), value) : value is long number && option.TryGetInt64(out var one) && one == number;

    private static string Label(Option option) => option.Label ?? option.Value.ToString();
}
