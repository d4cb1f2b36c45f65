using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Fills a new record: constant defaults, then formulas, then its owner.</summary>
internal sealed class SetDefaults : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (!save.IsNew) return;
        SetOwner(save);
        foreach (var (column, value) in save.Duties.EmptyRollups) save.Values[column.Name] = value;
        foreach (var (column, value) in save.Duties.ConstantDefaults)
            if (IsOpen(save, column)) save.Values[column.Name] = value;
        foreach (var field in save.Duties.FormulaDefaults)
            if (IsOpen(save, field.Column!))
                save.Values[field.Column!.Name] = await save.Unit.Related.WithAsync(() => save.Unit.Published.Formulas[field.DefaultFormula!].Evaluate(new RecordScope(save)), ct);
    }

    private static bool IsOpen(SaveContext save, Column column) => !save.Given.Contains(column.Name) && save.Values.Get(column.Name) is null;

    private static void SetOwner(SaveContext save)
    {
        if (save.Duties.Owner is not { } owner || save.Unit.Caller.IsSystem || !IsOpen(save, owner.Columns[0])) return;
        save.Values[owner.Columns[0].Name] = save.Unit.Caller.UserId;
        save.Values[owner.Columns[1].Name] = "user";
    }
}
