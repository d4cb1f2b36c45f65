using System.Collections.Immutable;
using Xrm.Data.Sql;

namespace Xrm.Data.Schema;

/// <summary>DDL. Names come from the compiled model or from PostgreSQL itself and are always quoted.</summary>
/// <param name="schema">Schema of the organisation.</param>
internal sealed class SchemaSql(string schema)
{
    public string Table(string table) => SqlName.Quote(schema, table);

    public ImmutableArray<string> CreateTable(Table table)
    {
        var columns = table.Columns.OrderBy(column => SchemaType.Place(column.Type, column.IsRequired)).Select(Column);
        var key = table.Indexes.First(index => index.Kind == IndexKind.Primary);
        var primary = $"constraint {SqlName.Quote(key.Name)} primary key ({SqlName.List(key.Columns)})";
        return
        [
            $"create table {Table(table.Name)} ({string.Join(", ", columns.Append(primary))})",
            Comment(table),
            .. table.Columns.Where(column => column.Comment is not null).Select(column => Comment(table.Name, column)),
            .. table.Indexes.Where(index => index.Kind != IndexKind.Primary).SelectMany(index => CreateIndex(table.Name, index, concurrently: false)),
        ];
    }

    public string Comment(Table table) => $"comment on table {Table(table.Name)} is {SqlName.Literal(SchemaComment.Write(table))}";

    public string Comment(string table, TableColumn column) =>
        $"comment on column {Table(table)}.{SqlName.Quote(column.Name)} is {(column.Comment is { } comment ? SqlName.Literal(comment) : "null")}";

    public string AddColumn(string table, TableColumn column) => $"{Alter(table)} add column {Column(column with { IsRequired = false })}";

    /// <summary>
    /// PostgreSQL keeps the default of a new column for the rows that are there, and neither writes nor reads any of them. The default stays as long
    /// as a value is required: others may still add rows without knowing of the column.
    /// </summary>
    public string AddFilledColumn(string table, TableColumn column, string literal) => $"{Alter(table)} add column {Column(column)} default {literal}";

    public ImmutableArray<string> CreateIndex(string table, TableIndex index, bool concurrently)
    {
        var create = $"create {(index.Kind == IndexKind.Unique ? "unique " : "")}index {(concurrently ? "concurrently " : "")}{SqlName.Quote(index.Name)} on {Table(table)}";
        if (!index.IsForSearch)
            return [$"{create} ({(index.AllowsOneRow ? "(true)" : string.Join(", ", index.Columns.Select(column => IndexedColumn(index, column))))}){Where(index.Rows)}"];
        // What was written last waits in a list that every search reads from end to end: a short one.
        return [$"{create} using gin ({index.Expression}{(index.Kind == IndexKind.Trigrams ? " gin_trgm_ops" : "")}) with (gin_pending_list_limit = 1024)", Comment(index)];
    }

    public string Comment(TableIndex index) => $"comment on index {SqlName.Quote(schema, index.Name)} is {SqlName.Literal(index.Comment!)}";

    /// <summary>The order of lists: null before all values, as OData says, and words as people sort them.</summary>
    private static string IndexedColumn(TableIndex index, string column)
    {
        var words = index.Words.Contains(column) ? SqlCollation.Words : "";
        return $"{SqlName.Quote(column)}{words}{(index.Kind == IndexKind.Plain ? " nulls first" : "")}";
    }

    /// <summary>Keeps out other changes of the tables, builds of indexes and clean-ups, which may take long; nobody who reads or writes waits for it.</summary>
    public string LockForChange(IEnumerable<string> tables) => $"lock table {string.Join(", ", tables.Select(Table))} in share update exclusive mode";

    /// <summary>Nobody writes, or holds a record to write it: who had done that would wait for the table, and be waited for.</summary>
    public string LockAgainstWrites(IEnumerable<string> tables) => $"lock table {string.Join(", ", tables.Select(Table))} in exclusive mode";

    public string DropIndex(TableIndex index) => $"drop index {SqlName.Quote(schema, index.Name)}";

    public string DropIndexConcurrently(string index) => $"drop index concurrently if exists {SqlName.Quote(schema, index)}";

    public string RenameIndex(string from, string to) => $"alter index {SqlName.Quote(schema, from)} rename to {SqlName.Quote(to)}";

    public string AddForeignKey(string table, ForeignKey key)
    {
        var action = key.OnDelete switch { DeleteAction.Cascade => " on delete cascade", DeleteAction.SetNull => " on delete set null", _ => "" };
        return $"{Alter(table)} add constraint {SqlName.Quote(key.Name)} foreign key ({SqlName.Quote(key.Column)}) references {Table(key.Target)} (\"id\"){action}";
    }

    public string ValidateConstraint(string table, string name) => $"{Alter(table)} validate constraint {SqlName.Quote(name)}";

    public string DropConstraint(string table, string name) => $"{Alter(table)} drop constraint {SqlName.Quote(name)}";

    public string RenameConstraint(string table, string from, string to) => $"{Alter(table)} rename constraint {SqlName.Quote(from)} to {SqlName.Quote(to)}";

    public string RenameTable(string from, string to) => $"{Alter(from)} rename to {SqlName.Quote(to)}";

    public string RenameColumn(string table, string from, string to) => $"{Alter(table)} rename column {SqlName.Quote(from)} to {SqlName.Quote(to)}";

    public string DropColumn(string table, string column) => $"{Alter(table)} drop column {SqlName.Quote(column)}";

    /// <summary>Ends foreign keys that lead to it, too: they are of tables that are on their way out as well.</summary>
    public string DropDetachedTable(string table) => $"drop table if exists {Table(table)} cascade";

    public string DropTable(string table) => $"drop table {Table(table)}";

    public string SetNotNull(string table, string column) => $"{Alter(table)} alter column {SqlName.Quote(column)} set not null";

    public string DropNotNull(string table, string column) => $"{Alter(table)} alter column {SqlName.Quote(column)} drop not null, alter column {SqlName.Quote(column)} drop default";

    public string SetType(string table, TableColumn column, string expression) =>
        $"{Alter(table)} alter column {SqlName.Quote(column.Name)} drop default, alter column {SqlName.Quote(column.Name)} type {column.Type} using {expression}";

    /// <summary>Rows that hold names follow them to their new names; all at once, so that names can be exchanged.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column that holds names.</param>
    /// <param name="renames">The names before and after.</param>
    public string FollowNames(string table, string column, IReadOnlyCollection<(string From, string To)> renames) =>
        $"update {Table(table)} set {SqlName.Quote(column)} = {NewName(column, renames)} where {SqlName.Quote(column)} in ({string.Join(", ", renames.Select(rename => SqlName.Literal(rename.From)))})";

    /// <summary>As <see cref="FollowNames"/>, where the names are part of a key: two rows that exchange them never have the same one.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column that holds names.</param>
    /// <param name="renames">The names before and after.</param>
    /// <param name="entity">Only rows of this entity; null for all.</param>
    public ImmutableArray<string> FollowNamesInKey(string table, string column, IReadOnlyCollection<(string From, string To)> renames, string? entity = null)
    {
        var (name, only) = (SqlName.Quote(column), entity is null ? "" : $" and entity = {SqlName.Literal(entity)}");
        return
        [
            $"update {Table(table)} set {name} = '~' || {NewName(column, renames)} where {name} in ({string.Join(", ", renames.Select(rename => SqlName.Literal(rename.From)))}){only}",
            $"update {Table(table)} set {name} = substr({name}, 2) where {name} like '~%'{only}",
        ];
    }

    /// <summary>Lets the audit find its entries under the new names: they themselves are never changed.</summary>
    public ImmutableArray<string> FollowNamesInAudit(IReadOnlyCollection<(string From, string To)> renames) =>
    [
        FollowNames("_audit_name", "now", renames), FollowNames("_audit_field_name", "entity", renames),
        $"insert into {Table("_audit_name")} (formerly, now) values {string.Join(", ", renames.Select(rename => $"({SqlName.Literal(rename.From)}, {SqlName.Literal(rename.To)})"))}",
    ];

    /// <summary>The same for fields of an entity.</summary>
    public ImmutableArray<string> FollowFieldNamesInAudit(string entity, IReadOnlyCollection<(string From, string To)> renames) =>
    [
        $"{FollowNames("_audit_field_name", "now", renames)} and entity = {SqlName.Literal(entity)}",
        $"insert into {Table("_audit_field_name")} (entity, formerly, now) values {string.Join(", ", renames.Select(rename => $"({SqlName.Literal(entity)}, {SqlName.Literal(rename.From)}, {SqlName.Literal(rename.To)})"))}",
    ];

    public string CountRows(string table) => $"select count(*) from (select from {Table(table)} limit 100001) counted";

    public string CountWithout(string table, string column) => $"select count(*) from {Table(table)} where {SqlName.Quote(column)} is null";

    public string CountWhere(string table, string condition) => $"select count(*) from {Table(table)} where {condition}";

    public string CountDuplicates(string table, TableIndex index)
    {
        if (index.AllowsOneRow) return $"select greatest(count(*) - 1, 0) from {Table(table)}";
        var given = string.Join(" and ", index.Columns.Select(column => $"{SqlName.Quote(column)} is not null"));
        var live = index.Rows == IndexRows.Live ? " and \"deleted_at\" is null" : "";
        return $"select count(*) from (select from {Table(table)} where {given}{live} group by {SqlName.List(index.Columns)} having count(*) > 1) twice";
    }

    /// <param name="table">The referring table.</param>
    /// <param name="column">The referring column.</param>
    /// <param name="target">The table referred to; null where it is yet to be made.</param>
    public string CountDangling(string table, string column, string? target)
    {
        var missing = target is null ? "" : $" and not exists (select from {Table(target)} target where target.\"id\" = source.{SqlName.Quote(column)})";
        return $"select count(*) from {Table(table)} source where source.{SqlName.Quote(column)} is not null{missing}";
    }

    private static string Where(IndexRows rows) => rows switch
    {
        IndexRows.Live => " where \"deleted_at\" is null",
        IndexRows.Deleted => " where \"deleted_at\" is not null",
        _ => "",
    };

    private static string NewName(string column, IEnumerable<(string From, string To)> renames) =>
        $"case {SqlName.Quote(column)} {string.Join(' ', renames.Select(rename => $"when {SqlName.Literal(rename.From)} then {SqlName.Literal(rename.To)}"))} end";

    private string Alter(string table) => $"alter table {Table(table)}";

    private static string Column(TableColumn column) => $"{SqlName.Quote(column.Name)} {column.Type}{(column.IsRequired ? " not null" : "")}";
}
