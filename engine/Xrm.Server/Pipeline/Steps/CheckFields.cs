using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Required values are there; protected ones were left alone by people and clients.</summary>
internal sealed class CheckFields : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete) return;
        foreach (var field in save.Duties.Protected)
            if (IsWritten(save, field)) await CheckProtectedAsync(save, field, ct);
        foreach (var field in save.Duties.Required) await CheckRequiredAsync(save, field, ct);
    }

    private static bool IsWritten(SaveContext save, Field field) => !save.Unit.Caller.IsSystem
        && field.Columns.Any(column => save.Given.Contains(column.Name) && save.IsChanged(column.Name));

    private static async Task CheckProtectedAsync(SaveContext save, Field field, CancellationToken ct)
    {
        if (field.Source.CreateOnly && !save.IsNew)
            save.Fail(field.Columns[0].Name, "create_only", $"{field.Label} cannot be changed any more.");
        else if (await IsTrueAsync(save, field.Readonly, ct))
            save.Fail(field.Columns[0].Name, "readonly", $"{field.Label} cannot be changed.");
    }

    private static async Task CheckRequiredAsync(SaveContext save, Field field, CancellationToken ct)
    {
        var name = field.Column?.Name ?? field.Name;
        if (!IsEmpty(save, field) || save.HasFailed(name)) return;
        // Workflows must be able to change records that were there before the field was required.
        if (save.Unit.Caller.IsSystem && !save.IsNew && field.Required.Formula is null && !save.IsChanged(field)) return;
        if (await IsTrueAsync(save, field.Required, ct)) save.Fail(name, "required", $"{field.Label} is required.");
    }

    internal static bool IsEmpty(SaveContext save, Field field)
    {
        if (field.Column is null) return save.Sets.TryGetValue(field, out var sent) ? sent.ValueKind == JsonValueKind.Array && sent.GetArrayLength() == 0 : save.IsNew;
        return save.Values.Get(field.Column.Name) is null or "" or Array { Length: 0 };
    }

    private static async Task<bool> IsTrueAsync(SaveContext save, Condition condition, CancellationToken ct) => condition.Formula is { } formula
        ? await save.Unit.Related.WithAsync(() => save.Unit.Published.Formulas[formula].IsTrue(new RecordScope(save)), ct)
        : condition.Always == true;
}
