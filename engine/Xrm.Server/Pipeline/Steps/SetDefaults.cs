using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Fills a new record: constant defaults, then formulas, then its owner.</summary>
internal sealed class SetDefaults : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (!save.IsNew) return;
        SetOwner(save);
        foreach (var field in save.Entity.Fields)
            if (field.Rollup is { Aggregate: Aggregate.Count or Aggregate.Sum } && field.Column is { } column)
                save.Values[column.Name] = Nothing(column.Type);
        foreach (var field in save.Entity.Fields)
            if (field is { DefaultValue: { } constant, Column: { } column } && IsOpen(save, field))
                save.Values[column.Name] = field.Type.Read(constant, field, column).Value;
        foreach (var field in save.Entity.Fields)
            if (field is { DefaultFormula: { } formula, Column: { } column } && IsOpen(save, field))
                save.Values[column.Name] = await save.Unit.Related.WithAsync(() => save.Unit.Published.Formulas[formula].Evaluate(new RecordScope(save)), ct);
    }

    /// <summary>The count or sum of a record that has no children yet.</summary>
    private static object? Nothing(ColumnType type) => type switch
    {
        ColumnType.Integer => 0L,
        ColumnType.Decimal => 0m,
        ColumnType.Float => 0d,
        _ => null,
    };

    private static bool IsOpen(SaveContext save, Field field) => !save.Given.Contains(field.Column!.Name) && save.Values.Get(field.Column.Name) is null;

    private static void SetOwner(SaveContext save)
    {
        if (!save.Entity.IsUserOwned || save.Unit.Caller.IsSystem) return;
        var owner = save.Entity.Fields.First(field => field.Type is OwnerType && field.IsSystem);
        if (!IsOpen(save, owner)) return;
        save.Values[owner.Columns[0].Name] = save.Unit.Caller.UserId;
        save.Values[owner.Columns[1].Name] = "user";
    }
}
