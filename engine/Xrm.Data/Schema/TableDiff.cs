using System.Collections.Immutable;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>Compares one table with what it was.</summary>
/// <param name="entity">The entity.</param>
/// <param name="table">The table as wanted.</param>
/// <param name="before">The table as it is, perhaps under another name.</param>
/// <param name="draft">Takes the steps.</param>
/// <param name="formerName">Present name of a wanted table; null where it is new.</param>
internal sealed class TableDiff(Entity entity, Table table, Table before, PlanDraft draft, Func<string, string?> formerName)
{
    private readonly ImmutableArray<TableColumn> _present = [.. before.Columns.Where(column => !column.IsDetached)];

    public void Compare()
    {
        Clear();
        var pairs = Matching.Pair(table.Columns, _present, column => column.Name, column => column.FormerName);
        foreach (var rename in Matching.InOrder(pairs.Where(pair => pair.Before is not null && pair.Before.Name != pair.Wanted.Name).Select(pair => (pair.Before!.Name, pair.Wanted.Name))))
            draft.Add(ChangeKind.RenameColumn, table, rename.Final, rename.Describe($"{table.Entity}."), draft.Sql.RenameColumn(table.Name, rename.From, rename.To));
        foreach (var (from, to) in pairs.Where(pair => pair.Before is not null && pair.Before.Field != pair.Wanted.Field).Select(pair => (pair.Before!.Field, pair.Wanted.Field)).Distinct())
            draft.RenamedFields.Add((table.Entity, from, to));
        var matched = pairs.Select(pair => pair.Before).OfType<TableColumn>().ToHashSet();
        foreach (var column in _present.Where(column => !matched.Contains(column))) Retire(column);

        var columns = new ColumnDiff(entity, table, before, draft);
        var kept = pairs.Select(pair => (pair.Wanted, Before: columns.Compare(pair.Wanted, pair.Before))).ToList();
        var names = kept.Where(pair => pair.Before is not null).ToDictionary(pair => pair.Before!.Name, pair => pair.Wanted.Name);
        var added = kept.Where(pair => pair.Before is null).Select(pair => pair.Wanted.Name).ToHashSet();
        CompareIndexes(names, added);
        CompareForeignKeys(names, added);
    }

    /// <summary>What is on its way out counts as gone already, but its name may still be in the way.</summary>
    private void Clear()
    {
        foreach (var column in before.Columns.Where(column => column.IsDetached))
        {
            // Whoever asks for it to be deleted once more is not wrong.
            draft.MayDrop($"{table.Entity}.{column.Field}");
            draft.MayDrop($"{table.Entity}.{column.Name}");
            if (table.FindColumn(column.Name) is null) continue;
            var drop = draft.Sql.DropColumn(before.Name, column.Name);
            draft.Add(ChangeKind.Clear, table, column.Name, $"Remove what is left of an earlier {table.Entity}.{column.Name}.", new ChangeParts { Before = [drop] }, drop);
        }
    }

    private void Retire(TableColumn column)
    {
        ImmutableArray<string> notNull = column.IsRequired ? [draft.Sql.DropNotNull(table.Name, column.Name)] : [];
        if (draft.MayDrop($"{table.Entity}.{column.Field}") || DropsColumnOf(column))
        {
            var detach = draft.Sql.Comment(table.Name, column with { IsDetached = true });
            draft.Add(ChangeKind.DropColumn, table, column.Name, $"Delete all values of {table.Entity}.{column.Name}.",
                new ChangeParts { Within = [.. notNull, detach] }, draft.Sql.DropColumn(table.Name, column.Name));
        }
        else if (!column.IsRetired)
        {
            draft.AddLight(ChangeKind.RetireColumn, table, column.Name, $"Hide {table.Entity}.{column.Name} and keep its values.",
                [.. notNull, draft.Sql.Comment(table.Name, column with { IsRetired = true, Computation = null })]);
        }
    }

    /// <summary>A part of a composite field that was named for deletion together with the field.</summary>
    private bool DropsColumnOf(TableColumn column) => draft.MayDrop($"{table.Entity}.{column.Name}");

    private void CompareIndexes(Dictionary<string, string> names, HashSet<string> added)
    {
        // An index over a column that is on its way out goes with it.
        var detached = before.Columns.Where(column => column.IsDetached).Select(column => column.Name).ToHashSet();
        var indexes = before.Indexes.Where(index => !index.Columns.Any(detached.Contains)).ToList();
        var free = indexes.Where(index => index.IsValid && index.Columns.All(names.ContainsKey))
            .Select(index => (Old: index, Now: index.Rename(column => names[column]))).ToList();
        foreach (var index in table.Indexes)
        {
            var found = free.FindIndex(pair => pair.Now.IsLike(index));
            if (found < 0)
            {
                AddIndex(index, names, added);
                continue;
            }
            var old = free[found].Old;
            free.RemoveAt(found);
            if (old.Name != index.Name) draft.RenameIndex(table, old.Name, index.Name);
            if (index.Comment is not null && index.Comment != old.Comment)
                draft.AddLight(ChangeKind.Annotate, table, index.Name, $"Note that search looks at {string.Join(", ", index.Columns)} of {table.Entity}.", draft.Sql.Comment(index));
        }
        var gone = indexes.Where(index => !index.IsValid || !index.Columns.All(names.ContainsKey) || free.Exists(pair => ReferenceEquals(pair.Old, index)));
        foreach (var index in gone.Where(index => index.Kind != IndexKind.Primary))
            DropIndex(index);
    }

    private void DropIndex(TableIndex index)
    {
        var drop = draft.Sql.DropIndex(index);
        // A key no longer holds with the new model; other indexes hinder nobody until they are gone.
        var parts = index.Kind == IndexKind.Unique ? new ChangeParts { Within = [drop] } : new ChangeParts { After = [drop] };
        draft.Add(ChangeKind.DropIndex, table, index.Name, $"Drop the index {index.Name}.", parts, drop);
    }

    private void AddIndex(TableIndex index, Dictionary<string, string> names, HashSet<string> added)
    {
        draft.AddIndex(table, index);
        if (index.Kind != IndexKind.Unique || index.Columns.Any(added.Contains)) return;
        var old = names.ToDictionary(pair => pair.Value, pair => pair.Key);
        var rows = old.ContainsKey("deleted_at") ? index.Rows : IndexRows.All;
        var check = draft.Sql.CountDuplicates(before.Name, index.Rename(column => old[column]) with { Rows = rows });
        draft.Checks.Add(new OffenderCheck(check, count => index.AllowsOneRow ? SchemaProblems.NotSingle(entity, count) : SchemaProblems.NotUnique(entity, index.Columns, count)));
    }

    private void CompareForeignKeys(Dictionary<string, string> names, HashSet<string> added)
    {
        var free = before.ForeignKeys.ToList();
        var renames = new List<(string From, string To)>();
        foreach (var key in table.ForeignKeys)
        {
            var target = formerName(key.Target);
            var found = free.FindIndex(old => names.GetValueOrDefault(old.Column) == key.Column && old.Target == target && old.OnDelete == key.OnDelete);
            if (found < 0)
            {
                AddForeignKey(key, target, names, added);
                continue;
            }
            if (free[found].Name != key.Name) renames.Add((free[found].Name, key.Name));
            free.RemoveAt(found);
        }
        foreach (var rename in Matching.InOrder(renames))
            draft.Add(ChangeKind.RenameIndex, table, rename.Final, rename.Describe("the constraint "), draft.Sql.RenameConstraint(table.Name, rename.From, rename.To));
        foreach (var key in free)
            draft.AddLight(ChangeKind.DropForeignKey, table, key.Name, $"Stop checking where {table.Entity}.{key.Column} points to as before.", draft.Sql.DropConstraint(before.Name, key.Name));
    }

    private void AddForeignKey(ForeignKey key, string? target, Dictionary<string, string> names, HashSet<string> added)
    {
        var sentence = $"Check that {table.Entity}.{key.Column} points to {key.Target} that exist.";
        var add = draft.Sql.AddForeignKey(table.Name, key);
        if (added.Contains(key.Column))
        {
            // The column is empty yet; looking through its rows hinders nobody when it is done apart.
            draft.Add(ChangeKind.AddForeignKey, table, key.Name, sentence,
                new ChangeParts { Before = [$"{add} not valid"], Within = [draft.Sql.ValidateConstraint(table.Name, key.Name)], OtherTable = key.Target }, add);
            return;
        }
        draft.Add(ChangeKind.AddForeignKey, table, key.Name, sentence, add);
        var column = names.First(pair => pair.Value == key.Column).Key;
        draft.Checks.Add(new OffenderCheck(draft.Sql.CountDangling(before.Name, column, target), count => SchemaProblems.Dangling(entity, key, count)));
    }
}
