using Xrm.Data.Schema;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>The statement that computes a rollup of records from their children.</summary>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
/// <param name="utcNow">The time of the save. Null for the database's clock, which only exchange rates ask for.</param>
internal sealed class RollupSql(string schema, PublishedModel published, DateTime? utcNow)
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
        var targets = Targets(rollup);
        sql.Text("update ").Name(schema, field.Entity.Plural).Text(" p set ");
        foreach (var (column, _) in targets) sql.Name(column.Name).Text(" = n.").Name(column.Name).Text(", ");
        sql.Name("version").Text(" = p.").Name("version").Text(" + 1 from (select k.id");
        foreach (var (column, write) in targets)
        {
            sql.Text(", cast((select ");
            write(sql);
            From(sql, rollup, "k");
            sql.Text(") as ").Trusted(SchemaType.ForCast(column)).Text(") as ").Name(column.Name);
        }
        if (ids is null) sql.Text(" from ").Name(schema, field.Entity.Plural).Text(" k");
        else sql.Text(" from unnest(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(") k (id)");
        sql.Text(") n where p.").Name("id").Text(" = n.id and (");
        for (var index = 0; index < targets.Count; index++)
            (index == 0 ? sql : sql.Text(" or ")).Text("p.").Name(targets[index].Column.Name).Text(" is distinct from n.").Name(targets[index].Column.Name);
        return sql.Text(")");
    }

    /// <summary>Amounts from plain numbers: what they are in, metadata says.</summary>
    private SqlBuilder UpdateAmounts(Rollup rollup, IEnumerable<Guid>? ids, SqlBuilder sql)
    {
        var field = rollup.Field;
        sql.Text("update ").Name(schema, field.Entity.Plural).Text(" p set ").Name(field.Columns[0].Name).Text(" = n.value, ")
            .Name(field.Columns[1].Name).Text(" = n.currency, ").Name(field.Columns[2].Name).Text(" = n.base, ").Name("version").Text(" = p.").Name("version").Text(" + 1");
        sql.Text(" from (select r.").Name("id").Text(", a.value, c.currency, b.base from ").Name(schema, field.Entity.Plural).Text(" r cross join lateral (select cast((select ");
        Aggregate(sql, rollup, rollup.Value!.Column);
        From(sql, rollup, "r");
        sql.Text(") as ").Trusted(SchemaType.ForCast(field.Columns[0])).Text(") as value) a");
        new MoneySql(schema, published, utcNow).Parts(sql, field);
        if (ids is not null) sql.Text(" where r.").Name("id").Text(" = any(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(")");
        // An amount that stays keeps the rate of the day on which it was set.
        return sql.Text(") n where p.").Name("id").Text(" = n.id and (p.").Name(field.Columns[0].Name).Text(" is distinct from n.value or p.")
            .Name(field.Columns[1].Name).Text(" is distinct from n.currency)");
    }

    private List<(Column Column, Action<SqlBuilder> Write)> Targets(Rollup rollup)
    {
        if (rollup.Field.Type is not MoneyType || rollup.Value is not { } money)
            return [(rollup.Field.Column!, sql => Aggregate(sql, rollup, rollup.Value?.Column))];
        var (amount, currency, inBase) = (money.Columns[0], money.Columns[1], money.Columns[2]);
        var home = published.Model.Currencies?.Base;
        // Amounts of several currencies cannot be added: then the amounts in the base currency are.
        return
        [
            (rollup.Field.Columns[0], sql => Mixed(sql, currency, one => Aggregate(one, rollup, amount), several => Aggregate(several, rollup, inBase))),
            (rollup.Field.Columns[1], sql => Mixed(sql, currency, one => one.Text("min(c.").Name(currency.Name).Text(")"), several => several.Value(home, ColumnType.Text))),
            (rollup.Field.Columns[2], sql => Aggregate(sql, rollup, inBase)),
        ];
    }

    private static void Mixed(SqlBuilder sql, Column currency, Action<SqlBuilder> one, Action<SqlBuilder> several)
    {
        sql.Text("case when count(distinct c.").Name(currency.Name).Text(") <= 1 then ");
        one(sql);
        sql.Text(" else ");
        several(sql);
        sql.Text(" end");
    }

    private static void Aggregate(SqlBuilder sql, Rollup rollup, Column? column)
    {
        switch (rollup.Aggregate)
        {
            case Metadata.Compiled.Aggregate.Count: sql.Text("count(*)"); break;
            case Metadata.Compiled.Aggregate.Sum: sql.Text("coalesce(sum(c.").Name(column!.Name).Text("), 0)"); break;
            case Metadata.Compiled.Aggregate.Min: sql.Text("min(c.").Name(column!.Name).Text(")"); break;
            case Metadata.Compiled.Aggregate.Max: sql.Text("max(c.").Name(column!.Name).Text(")"); break;
            case Metadata.Compiled.Aggregate.Avg: sql.Text("avg(c.").Name(column!.Name).Text(")"); break;
            default: throw new InvalidOperationException($"{rollup.Aggregate} is not an aggregate.");
        }
    }

    private void From(SqlBuilder sql, Rollup rollup, string parent)
    {
        sql.Text(" from ").Name(schema, rollup.Child.Plural).Text(" c where c.").Name(rollup.Via.Columns[0].Name).Text(" = ").Name(parent, "id");
        if (rollup.Via.IsPolymorphic) sql.Text(" and c.").Name(rollup.Via.Columns[1].Name).Text(" = ").Value(rollup.Field.Entity.Name, ColumnType.Text);
        if (rollup.Child.HasRecycleBin) sql.Text(" and c.").Name("deleted_at").Text(" is null");
        if (rollup.Where is not { } where) return;
        sql.Text(" and ");
        published.Formulas[where].WriteSql(new SameRowSql(sql, "c", utcNow ?? DateTime.UnixEpoch));
    }
}
