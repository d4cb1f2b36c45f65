using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>Compares one column with what it was.</summary>
internal sealed class ColumnDiff(Entity entity, Table table, Table before, PlanDraft draft)
{
    /// <returns>The old column, where it lives on as the wanted one; null where the wanted one is new.</returns>
    public TableColumn? Compare(TableColumn column, TableColumn? old)
    {
        if (old is null)
        {
            Add(column);
            return null;
        }
        if (column.Type != old.Type && !TypeFits(column, old))
        {
            Replace(column, old);
            return null;
        }
        Keep(column, old);
        return old;
    }

    private void Add(TableColumn column)
    {
        var field = entity.FindField(column.Field)!;
        var literal = column.IsRequired ? DefaultLiteral.Of(field) : null;
        var sentence = literal is null ? $"Add {table.Entity}.{column.Name}." : $"Add {table.Entity}.{column.Name}, with its default in all records.";
        var (add, comment) = (literal is null ? draft.Sql.AddColumn(table.Name, column) : draft.Sql.AddFilledColumn(table.Name, column, literal), draft.Sql.Comment(table.Name, column));
        draft.Add(ChangeKind.AddColumn, table, column.Name, sentence,
            new ChangeParts { Before = [add, draft.Sql.Comment(table.Name, column with { IsDetached = true })], Within = [comment] }, add, comment);
        if (column.IsRequired && literal is null)
        {
            Require(column);
            draft.Checks.Add(new OffenderCheck(draft.Sql.CountRows(before.Name), count => SchemaProblems.NoValue(field, count)));
        }
        if (column.Computation is not null) Recompute(column);
    }

    private void Keep(TableColumn column, TableColumn old)
    {
        if (old.IsRetired)
            draft.AddLight(ChangeKind.RestoreColumn, table, column.Name, $"Bring {table.Entity}.{column.Name} back with the values that it had.", draft.Sql.Comment(table.Name, column));
        else if (column.Comment != old.Comment && column.Computation == old.Computation)
            draft.AddLight(ChangeKind.Annotate, table, column.Name, $"Note that {table.Entity}.{column.Name} belongs to {column.Field}{(column.FormerName is { } former ? $", formerly {former}" : "")}.", draft.Sql.Comment(table.Name, column));
        if (column.Computation is null && old.Computation is not null)
            draft.AddLight(ChangeKind.Annotate, table, column.Name, $"{table.Entity}.{column.Name} is no longer computed; its values stay.", draft.Sql.Comment(table.Name, column));
        if (column.Computation is not null && column.Computation != old.Computation) Recompute(column);
        if (column.IsRequired && !old.IsRequired)
        {
            Require(column);
            draft.Checks.Add(new OffenderCheck(draft.Sql.CountWithout(before.Name, old.Name), count => SchemaProblems.NoValue(entity.FindField(column.Field)!, count)));
        }
        if (!column.IsRequired && old.IsRequired)
            draft.AddLight(ChangeKind.DropNotNull, table, column.Name, $"Allow {table.Entity} without {column.Name}.", draft.Sql.DropNotNull(table.Name, column.Name));
    }

    /// <summary>Plans the change of type where no value is lost.</summary>
    private bool TypeFits(TableColumn column, TableColumn old)
    {
        if (TypeChanges.Find(old.Type, column.Type, column.Name) is not { } change) return false;
        var kind = change.IsWidening ? ChangeKind.WidenColumn : ChangeKind.ChangeType;
        draft.Add(kind, table, column.Name, $"Change {table.Entity}.{column.Name} from {SchemaType.Describe(old.Type)} to {SchemaType.Describe(column.Type)}.",
            draft.Sql.SetType(table.Name, column, change.Expression));
        if (change.Offenders is not null && TypeChanges.Find(old.Type, column.Type, old.Name) is { Offenders: { } offenders })
            draft.Checks.Add(new OffenderCheck(draft.Sql.CountWhere(before.Name, offenders), count => SchemaProblems.ValuesLost(entity.FindField(column.Field)!, old, column, count)));
        return true;
    }

    /// <summary>A type that the values cannot take: only with leave to lose them.</summary>
    private void Replace(TableColumn column, TableColumn old)
    {
        var name = $"{table.Entity}.{column.Field}";
        if (!draft.MayDrop(name))
        {
            draft.Problems.Add(SchemaProblems.TypeChange(entity.FindField(column.Field)!, old, column));
            return;
        }
        draft.Add(ChangeKind.DropColumn, table, column.Name, $"Delete all values of {table.Entity}.{column.Name}, whose type changes from {SchemaType.Describe(old.Type)} to {SchemaType.Describe(column.Type)}.",
            draft.Sql.DropColumn(table.Name, column.Name));
        Add(column);
    }

    private void Require(TableColumn column) =>
        draft.Add(ChangeKind.SetNotNull, table, column.Name, $"Require {table.Entity}.{column.Name}.", draft.Sql.SetNotNull(table.Name, column.Name));

    private void Recompute(TableColumn column) =>
        draft.Add(ChangeKind.Recompute, table, column.Name, $"Compute {table.Entity}.{column.Name} in all records.", draft.Sql.Comment(table.Name, column));
}
