using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>Compares the tables that are wanted with those that are there. Matches by name and by <c>renamedFrom</c>, never by likeness.</summary>
/// <param name="model">The model that wants them; names the places of problems and renames.</param>
/// <param name="wanted">What the model wants.</param>
/// <param name="actual">What is there.</param>
/// <param name="draft">Takes the steps, checks and problems.</param>
internal sealed class SchemaDiff(Model model, DatabaseSchema wanted, DatabaseSchema actual, PlanDraft draft)
{
    /// <summary>PostgreSQL's own columns, which no table can have a second time.</summary>
    private static readonly HashSet<string> SystemColumns = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

    public void Compare()
    {
        var pairs = Matching.Pair(wanted.Tables, actual.Tables, table => table.Entity, table => table.Entity, table => Entity(table).Source.RenamedFrom);
        foreach (var table in wanted.Tables) RefuseSystemColumns(table);
        foreach (var (table, before) in pairs.Where(pair => pair.Before is null)) Create(table);
        foreach (var (table, before) in pairs)
        {
            if (before is null) continue;
            RenameTable(table, before);
            new TableDiff(Entity(table), table, before, draft, name => pairs.First(pair => pair.Wanted.Name == name).Before?.Name).Compare();
        }
        var kept = pairs.Select(pair => pair.Before).OfType<Table>().ToHashSet();
        foreach (var table in actual.Tables.Where(table => !kept.Contains(table))) Retire(table);
        RefuseTakenNames(kept);
        foreach (var name in draft.UnusedDrops)
            draft.Problems.Add(new Problem("drop_unknown", new SourceLocation("publish", "drop", name), $"There is nothing to delete under the name {name}.", "Name an entity or entity.field that is no longer in any package, or leave it out."));
    }

    private Entity Entity(Table table) => model.FindEntity(table.Entity)!;

    private void Create(Table table)
    {
        draft.Add(ChangeKind.CreateTable, table, null, $"Create the table {table.Name} for {table.Entity} with {table.Columns.Length} columns.", draft.Sql.CreateTable(table));
        foreach (var key in table.ForeignKeys)
            draft.Add(ChangeKind.AddForeignKey, table, key.Name, $"Check that {table.Entity}.{key.Column} points to {key.Target} that exist.", draft.Sql.AddForeignKey(table.Name, key));
    }

    private void RenameTable(Table table, Table before)
    {
        if (table.Name != before.Name)
            draft.Add(ChangeKind.RenameTable, table, null, $"Rename the table {before.Name} to {table.Name}.", draft.Sql.RenameTable(before.Name, table.Name));
        if (before.IsRetired)
            draft.Add(ChangeKind.RestoreTable, table, null, $"Bring {table.Entity} back with the records that it had.", draft.Sql.Comment(table));
        else if (table.Entity != before.Entity)
            draft.Add(ChangeKind.Annotate, table, null, $"Note that {table.Name} holds {table.Entity}, formerly {before.Entity}.", draft.Sql.Comment(table));
    }

    private void Retire(Table table)
    {
        if (draft.MayDrop(table.Entity))
        {
            foreach (var key in table.ForeignKeys) DropForeignKey(table, key);
            foreach (var other in actual.Tables.Where(other => other.IsRetired && other != table))
                foreach (var key in other.ForeignKeys.Where(key => key.Target == table.Name)) DropForeignKey(other, key);
            draft.Add(ChangeKind.DropTable, table, null, $"Delete all records of {table.Entity}.", draft.Sql.DropTable(table.Name));
        }
        else if (!table.IsRetired)
        {
            // A hidden record must not hinder anybody from deleting what it points to.
            foreach (var key in table.ForeignKeys) DropForeignKey(table, key);
            var retired = table with { IsRetired = true };
            draft.Add(ChangeKind.RetireTable, table, null, $"Hide {table.Entity} and keep its records.", draft.Sql.Comment(retired));
        }
    }

    private void DropForeignKey(Table table, ForeignKey key) =>
        draft.Add(ChangeKind.DropForeignKey, table, key.Name, $"Stop checking where {table.Entity}.{key.Column} points to.", draft.Sql.DropConstraint(table.Name, key.Name));

    private void RefuseTakenNames(HashSet<Table> kept)
    {
        var dropped = draft.Changes.Where(change => change.Change.Kind == ChangeKind.DropTable).Select(change => change.Change.Table).ToHashSet();
        var hidden = actual.Tables.Where(table => !kept.Contains(table) && !dropped.Contains(table.Name)).ToDictionary(table => table.Name);
        foreach (var table in wanted.Tables)
            if (hidden.TryGetValue(table.Name, out var other))
                draft.Problems.Add(new Problem("table_name_taken", Entity(table).Location, $"The table {table.Name} keeps the records of {other.Entity}, which is no longer in any package.",
                    $"Choose another plural, say \"renamedFrom\": \"{other.Entity}\" to take the records over, or publish with drop \"{other.Entity}\" to delete them."));
    }

    private void RefuseSystemColumns(Table table)
    {
        foreach (var column in table.Columns.Where(column => SystemColumns.Contains(column.Name)))
            draft.Problems.Add(new Problem("column_name_taken", Entity(table).FindField(column.Field)!.Location, $"PostgreSQL keeps the column name {column.Name} for itself.", "Choose another name for the field."));
    }
}
