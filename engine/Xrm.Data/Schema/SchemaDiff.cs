using System.Collections.Immutable;
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

    private readonly ImmutableArray<Table> _present = [.. actual.Tables.Where(table => !table.IsDetached)];

    public void Compare()
    {
        Clear();
        var pairs = Matching.Pair(wanted.Tables, _present, table => table.Entity, table => table.FormerEntity);
        foreach (var table in wanted.Tables) RefuseSystemColumns(table);
        foreach (var (table, before) in pairs.Where(pair => pair.Before is null)) Create(table);
        var kept = new HashSet<Table>();
        RenameTables(pairs.Where(pair => pair.Before is not null && pair.Before.Name != pair.Wanted.Name).Select(pair => (pair.Before!.Name, pair.Wanted)));
        foreach (var (table, before) in pairs)
        {
            if (before is null) continue;
            kept.Add(before);
            draft.Before[table.Entity] = before;
            Annotate(table, before);
            new TableDiff(Entity(table), table, before, draft, name => pairs.First(pair => pair.Wanted.Name == name).Before?.Name).Compare();
        }
        draft.AddIndexRenames();
        new NameFollowing(model, draft).Add([.. pairs.Where(pair => pair.Before is not null && pair.Before.Entity != pair.Wanted.Entity).Select(pair => (pair.Before!.Entity, pair.Wanted.Entity))]);
        foreach (var table in _present.Where(table => !kept.Contains(table))) Retire(table);
        RefuseTakenNames(kept);
        foreach (var name in draft.UnusedDrops)
            draft.Problems.Add(new Problem("drop_unknown", new SourceLocation("publish", "drop", name), $"There is nothing to delete under the name {name}.", "Name an entity or entity.field that is no longer in any package, or leave it out."));
    }

    /// <summary>What is on its way out counts as gone already, but its name may still be in the way.</summary>
    private void Clear()
    {
        foreach (var table in actual.Tables.Where(table => table.IsDetached && wanted.Tables.Any(other => other.Name == table.Name)))
        {
            var drop = draft.Sql.DropDetachedTable(table.Name);
            draft.Add(ChangeKind.Clear, table, null, $"Remove what is left of an earlier table {table.Name}.", new ChangeParts { Before = [drop] }, drop);
        }
    }

    private Entity Entity(Table table) => model.FindEntity(table.Entity)!;

    private void Create(Table table)
    {
        var create = draft.Sql.CreateTable(table);
        draft.Add(ChangeKind.CreateTable, table, null, $"Create the table {table.Name} for {table.Entity} with {table.Columns.Length} columns.",
            new ChangeParts { Before = [.. create, draft.Sql.Comment(table with { IsDetached = true })], Within = [draft.Sql.Comment(table)] }, create);
        foreach (var key in table.ForeignKeys)
        {
            var add = draft.Sql.AddForeignKey(table.Name, key);
            draft.Add(ChangeKind.AddForeignKey, table, key.Name, $"Check that {table.Entity}.{key.Column} points to {key.Target} that exist.",
                new ChangeParts { Before = [add], OtherTable = key.Target }, add);
        }
    }

    private void RenameTables(IEnumerable<(string From, Table Table)> renames)
    {
        var tables = renames.ToDictionary(rename => rename.Table.Name);
        foreach (var rename in Matching.InOrder(tables.Values.Select(rename => (rename.From, rename.Table.Name))))
            draft.Add(ChangeKind.RenameTable, tables[rename.Final].Table, null, rename.Describe("the table "), draft.Sql.RenameTable(rename.From, rename.To));
    }

    private void Annotate(Table table, Table before)
    {
        if (before.IsRetired)
            draft.AddLight(ChangeKind.RestoreTable, table, null, $"Bring {table.Entity} back with the records that it had.", draft.Sql.Comment(table));
        else if (SchemaComment.Write(table) != SchemaComment.Write(before))
            draft.AddLight(ChangeKind.Annotate, table, null, $"Note that {table.Name} holds {table.Entity}{(table.FormerEntity is { } former ? $", formerly {former}" : "")}.", draft.Sql.Comment(table));
    }

    private void Retire(Table table)
    {
        // Where a new entity has the name, there is nothing of the old one to count.
        if (table.Entity.Length > 0) draft.Before.TryAdd(table.Entity, table);
        if (draft.MayDrop(table.Entity))
        {
            foreach (var key in table.ForeignKeys) DropForeignKey(table, key);
            foreach (var other in _present.Where(other => other.IsRetired && other != table))
                foreach (var key in other.ForeignKeys.Where(key => key.Target == table.Name)) DropForeignKey(other, key);
            draft.Add(ChangeKind.DropTable, table, null, $"Delete all records of {table.Entity}.", draft.Sql.DropTable(table.Name));
        }
        else if (!table.IsRetired)
        {
            // A hidden record must not hinder anybody from deleting what it points to.
            foreach (var key in table.ForeignKeys) DropForeignKey(table, key);
            var retired = table with { IsRetired = true };
            draft.AddLight(ChangeKind.RetireTable, table, null, $"Hide {table.Entity} and keep its records.", draft.Sql.Comment(retired));
        }
    }

    private void DropForeignKey(Table table, ForeignKey key) =>
        draft.AddLight(ChangeKind.DropForeignKey, table, key.Name, $"Stop checking where {table.Entity}.{key.Column} points to.", draft.Sql.DropConstraint(table.Name, key.Name));

    private void RefuseTakenNames(HashSet<Table> kept)
    {
        var dropped = draft.Changes.Where(change => change.Change.Kind == ChangeKind.DropTable).Select(change => change.Change.Table).ToHashSet();
        var hidden = _present.Where(table => !kept.Contains(table) && !dropped.Contains(table.Name)).ToDictionary(table => table.Name);
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
