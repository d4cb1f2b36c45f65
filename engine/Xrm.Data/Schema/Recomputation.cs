using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Schema;

/// <summary>The statement that computes a stored field of all records anew, and writes only those that change.</summary>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
internal sealed class Recomputation(string schema, PublishedModel published)
{
    public SqlBuilder Of(Field field) =>
        field.Rollup is { } rollup ? new RollupSql(schema, published, DateTime.UnixEpoch).Update(rollup, ids: null) : Formula(field);

    private SqlBuilder Formula(Field field)
    {
        var sql = new SqlBuilder().Text("update ").Name(schema, field.Entity.Plural).Text(" p set ").Name(field.Column!.Name).Text(" = n.value");
        if (field.Type is MoneyType) SetCurrency(sql, field);
        sql.Text(" from (select r.").Name("id").Text(", ");
        published.Formulas[field.Formula!].WriteSql(new SameRowSql(sql, "r", DateTime.UnixEpoch));
        return sql.Text(" as value from ").Name(schema, field.Entity.Plural).Text(" r) n where p.").Name("id").Text(" = n.id and p.")
            .Name(field.Column.Name).Text(" is distinct from n.value");
    }

    /// <summary>The base amount is known here for the base currency only; that of others comes with the next save, which looks for the rate of its day.</summary>
    private void SetCurrency(SqlBuilder sql, Field field)
    {
        if (field.Source.Currency is not { } source) return;
        var (currency, inBase) = (field.Columns[1], field.Columns[2]);
        var held = field.Entity.FindField(source)?.Column;
        if (held is null && !MoneyType.IsCode(source)) return;
        sql.Text(", ").Name(currency.Name).Text(" = case when n.value is not null then ");
        Currency();
        sql.Text(" end, ").Name(inBase.Name).Text(" = case when ");
        Currency();
        sql.Text(" = ").Value(published.Model.Currencies?.Base, ColumnType.Text).Text(" then n.value end");

        void Currency()
        {
            if (held is null) sql.Value(source, ColumnType.Text);
            else sql.Text("p.").Name(held.Name);
        }
    }
}
