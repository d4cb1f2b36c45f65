using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes rollups that are not stored: a select in the statement, over the records that point to the row. It counts what the caller may not see, too.</summary>
/// <param name="terms">Terms of the select that has the row.</param>
/// <param name="statement">The statement.</param>
internal sealed class ComputedRollup(TermSql terms, SelectSql statement)
{
    /// <summary>Writes a column of the rollup's field as an operand.</summary>
    public void Write(RowSource source, Rollup rollup, Column column)
    {
        var isOfNumbers = rollup is { Field.Type: MoneyType, Value: not { Type: MoneyType } };
        if (isOfNumbers && column.Part.Length > 0) Part(source, rollup, column);
        else Value(source, rollup, column);
    }

    private void Value(RowSource source, Rollup rollup, Column column) =>
        new RollupSelect(new Counted(terms, statement, rollup), rollup, statement.Plan.Context.Published.Model.Currencies?.Base).WriteOperand(column, source.Alias);

    /// <summary>Currency, and amount in the base currency, of an amount that comes from plain numbers.</summary>
    private void Part(RowSource source, Rollup rollup, Column column)
    {
        terms.Sql.Text("cast((select ").Either(column.Part == MoneyType.CurrencyPart, "c.currency", "b.base").Text(" from (select ");
        Value(source, rollup, rollup.Field.Columns[0]);
        terms.Sql.Text(" as value) a");
        new MoneySql(statement.Schema, statement.Plan.Context.Published, terms.UtcNow, source.Alias).Parts(terms.Sql, rollup.Field);
        RowValue.EndCast(terms.Sql.Text(")"), column);
    }

    /// <summary>The counted records, and those that their values and the condition reach.</summary>
    private sealed class Counted : IRollupRows
    {
        private readonly SelectSql _statement;
        private readonly PropertyPlanner _properties;
        private readonly TermSql _terms;

        public Counted(TermSql outer, SelectSql statement, Rollup rollup)
        {
            _statement = statement;
            var set = new RowSet(rollup.Child, outer.Set.Aliases);
            _properties = new PropertyPlanner(statement.Plan.Context, set);
            _terms = new TermSql(statement, set, outer);
            // All that is joined is known before the table is written.
            foreach (var read in rollup.Reads)
                foreach (var column in read.Columns) _properties.Value(set.Root, read, column);
            if (rollup.Where is { } where) _properties.Condition(set.Root, where);
        }

        public Sql.SqlBuilder Sql => _terms.Sql;

        public string Alias => _terms.Set.Root.Alias;

        public bool IsLenient => true;

        public void Value(Field field, Column column) => _terms.Write(_properties.Value(_terms.Set.Root, field, column));

        public void Table() => _statement.Tables(_terms);

        public void Where(Expression where) => _terms.Write(_properties.Condition(_terms.Set.Root, where));
    }
}
