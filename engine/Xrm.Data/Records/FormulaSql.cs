using Xrm.Data.Schema;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>
/// The statement that computes a stored formula of records, and for money its currency and its amount in the base currency, as a save does.
/// A formula that needs another stored one has to come after it, in a statement of its own.
/// </summary>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
/// <param name="utcNow">The time of the change: exchange rates of its day are taken. Null for the database's clock.</param>
internal sealed class FormulaSql(string schema, PublishedModel published, DateTime? utcNow)
{
    /// <summary>Changes only the records whose value differs.</summary>
    /// <param name="field">A stored formula.</param>
    /// <param name="ids">The records; null for all.</param>
    public SqlBuilder Update(Field field, IReadOnlyCollection<Guid>? ids)
    {
        var isMoney = field.Type is MoneyType;
        var sql = new SqlBuilder().Text("update ").Name(schema, field.Entity.Plural).Text(" p set ").Name(field.Columns[0].Name).Text(" = n.value");
        if (isMoney) sql.Text(", ").Name(field.Columns[1].Name).Text(" = n.currency, ").Name(field.Columns[2].Name).Text(" = n.base");
        sql.Text(" from (select r.").Name("id").Text(", a.value").Either(isMoney, ", c.currency, b.base", "");
        sql.Text(" from ").Name(schema, field.Entity.Plural).Text(" r cross join lateral (select cast(");
        published.Formulas[field.Formula!].WriteSql(new SameRowSql(sql, "r", utcNow ?? DateTime.UnixEpoch, new RowValue(sql, schema, published)));
        sql.Text(" as ").Trusted(SchemaType.ForCast(field.Columns[0])).Text(") as value) a");
        if (isMoney) new MoneySql(schema, published, utcNow, "r").Parts(sql, field);
        if (ids is not null) sql.Text(" where r.").Name("id").Text(" = any(").Values([.. ids.Select(id => (object?)id)], ColumnType.Uuid).Text(")");
        sql.Text(") n where p.").Name("id").Text(" = n.id and (p.").Name(field.Columns[0].Name).Text(" is distinct from n.value");
        // An amount that stays keeps the rate of the day on which it was set.
        if (isMoney) sql.Text(" or p.").Name(field.Columns[1].Name).Text(" is distinct from n.currency");
        return sql.Text(")");
    }
}
