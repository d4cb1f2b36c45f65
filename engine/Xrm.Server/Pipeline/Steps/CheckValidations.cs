using Xrm.Data.Access;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Tells every condition of the entity that rejects the record.</summary>
internal sealed class CheckValidations : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete) return;
        foreach (var validation in save.Entity.Validations)
        {
            // A value that could not be read would only bring a second, misleading message.
            if (validation.Fields.Any(field => field.Columns.Any(column => save.HasFailed(column.Name)))) continue;
            if (!await save.Unit.Related.WithAsync(() => save.Unit.Published.Formulas[validation.When].IsTrue(new RecordScope(save)), ct)) continue;
            var message = save.Unit.Texts.Find($"entity.{save.Entity.Name}.validation.{validation.Message}") ?? validation.Message;
            if (validation.Fields.IsEmpty) save.Fail(null, "validation", message);
            foreach (var field in validation.Fields) save.Fail(field.Column?.Name ?? field.Name, "validation", message);
        }
    }
}
