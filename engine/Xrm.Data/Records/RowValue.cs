using Xrm.Data.Schema;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>
/// Writes the value of a stored field: its column, or, where the column does not have the values of all records yet, what computes them. Nobody
/// who reads a table by it ever sees a value of an older formula.
/// </summary>
/// <param name="sql">The statement.</param>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
internal sealed class RowValue(SqlBuilder sql, string schema, PublishedModel published)
{
    /// <summary>Writes a column of a row.</summary>
    /// <param name="alias">Alias of the row.</param>
    /// <param name="field">A stored field.</param>
    /// <param name="column">Column of the field.</param>
    public void Write(string alias, Field field, Column column)
    {
        if (published.HasValues(field)) sql.Name(alias, column.Name);
        else if (field.Type is MoneyType && column.Part.Length > 0 && field.Rollup is not { Value.Type: MoneyType }) Part(alias, field, column);
        else if (field.Rollup is { } rollup) new RollupSelect(new StoredRollupRows(sql, schema, published, rollup.Child, alias) { IsLenient = true }, rollup, published.Model.Currencies?.Base).WriteOperand(column, alias);
        else Formula(alias, field, column);
    }

    private void Formula(string alias, Field field, Column column)
    {
        sql.Text("cast(");
        published.Formulas[field.Formula!].WriteSql(new SameRowSql(sql, alias, DateTime.UnixEpoch, this));
        EndCast(sql, column);
    }

    /// <summary>Ends a cast to the type and collation of a column.</summary>
    internal static SqlBuilder EndCast(SqlBuilder sql, Column column) =>
        sql.Text(" as ").Trusted(SchemaType.ForCast(column)).Text(")").Either(column.Type == ColumnType.Text, " collate \"C\"", "");

    /// <summary>Currency, and amount in the base currency, of a computed amount. One that stays keeps the rate of the day on which it was set.</summary>
    private void Part(string alias, Field field, Column column)
    {
        var (amount, currency, inBase) = (field.Columns[0], field.Columns[1], field.Columns[2]);
        sql.Text("cast((select ");
        if (column.Part == MoneyType.CurrencyPart) sql.Text("c.currency from (select ");
        else
        {
            sql.Text("case when a.value is not distinct from ").Name(alias, amount.Name).Text(" and c.currency is not distinct from ").Name(alias, currency.Name)
                .Text(" then ").Name(alias, inBase.Name).Text(" else b.base end from (select ");
        }
        Write(alias, field, amount);
        sql.Text(" as value) a");
        new MoneySql(schema, published, utcNow: null, alias).Parts(sql, field);
        EndCast(sql.Text(")"), column);
    }
}
