using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>The statement that computes a rollup of records from their children.</summary>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
/// <param name="utcNow">The time of the save. Null for the database's clock, which only exchange rates ask for.</param>
/// <param name="isLate">
/// A job computes what a publish has changed: records keep their versions, and what the field has no room for is null; otherwise the statement fails.
/// </param>
internal sealed class RollupSql(string schema, PublishedModel published, DateTime? utcNow, bool isLate = false)
{
    /// <summary>Changes, and gives a new version to, only the records whose value differs.</summary>
    /// <param name="rollup">The rollup.</param>
    /// <param name="ids">The records; null for all.</param>
    /// <param name="begun">What the statement is part of; null where it stands alone.</param>
    public SqlBuilder Update(Rollup rollup, IEnumerable<Guid>? ids, SqlBuilder? begun = null)
    {
        var field = rollup.Field;
        var sql = begun ?? new SqlBuilder();
        if (field.Type is MoneyType && rollup.Value is not { Type: MoneyType }) return UpdateAmounts(rollup, ids, sql);
        sql.Text("update ").Name(schema, field.Entity.Plural).Text(" p set ");
        for (var index = 0; index < field.Columns.Length; index++)
            (index == 0 ? sql : sql.Text(", ")).Name(field.Columns[index].Name).Text(" = n.").Name(field.Columns[index].Name);
        Version(sql).Text(" from (select k.id");
        foreach (var column in field.Columns) Value(sql.Text(", "), rollup, column, "k").Text(" as ").Name(column.Name);
        if (ids is null) sql.Text(" from ").Name(schema, field.Entity.Plural).Text(" k");
        else sql.Text(" from unnest(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(") k (id)");
        sql.Text(") n where p.").Name("id").Text(" = n.id and (");
        for (var index = 0; index < field.Columns.Length; index++)
            (index == 0 ? sql : sql.Text(" or ")).Text("p.").Name(field.Columns[index].Name).Text(" is distinct from n.").Name(field.Columns[index].Name);
        return sql.Text(")");
    }

    /// <summary>Amounts from plain numbers: what they are in, metadata says.</summary>
    private SqlBuilder UpdateAmounts(Rollup rollup, IEnumerable<Guid>? ids, SqlBuilder sql)
    {
        var field = rollup.Field;
        sql.Text("update ").Name(schema, field.Entity.Plural).Text(" p set ").Name(field.Columns[0].Name).Text(" = n.value, ")
            .Name(field.Columns[1].Name).Text(" = n.currency, ").Name(field.Columns[2].Name).Text(" = n.base");
        Version(sql).Text(" from (select r.").Name("id").Text(", a.value, c.currency, b.base from ").Name(schema, field.Entity.Plural).Text(" r cross join lateral (select ");
        Value(sql, rollup, field.Columns[0], "r").Text(" as value) a");
        new MoneySql(schema, published, utcNow, "r").Parts(sql, field);
        if (ids is not null) sql.Text(" where r.").Name("id").Text(" = any(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(")");
        // An amount that stays keeps the rate of the day on which it was set.
        return sql.Text(") n where p.").Name("id").Text(" = n.id and (p.").Name(field.Columns[0].Name).Text(" is distinct from n.value or p.")
            .Name(field.Columns[1].Name).Text(" is distinct from n.currency)");
    }

    private SqlBuilder Version(SqlBuilder sql) => isLate ? sql : sql.Text(", ").Name("version").Text(" = p.").Name("version").Text(" + 1");

    private SqlBuilder Value(SqlBuilder sql, Rollup rollup, Column column, string parent)
    {
        new RollupSelect(new StoredRollupRows(sql, schema, published, rollup.Child, parent) { IsLenient = isLate }, rollup, published.Model.Currencies?.Base).WriteOperand(column, parent);
        return sql;
    }
}
