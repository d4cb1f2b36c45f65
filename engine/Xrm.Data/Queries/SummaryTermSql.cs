using System.Globalization;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes the values of summaries as SQL.</summary>
internal sealed class SummaryTermSql(TermSql terms, SelectSql statement)
{
    private SqlBuilder Sql => terms.Sql;

    /// <summary>Name of a value of a summary, by its place.</summary>
    public static string ColumnName(int index) => string.Create(CultureInfo.InvariantCulture, $"c{index}");

    public void Write(Term term)
    {
        switch (term)
        {
            case AsJsonTerm json:
                Sql.Text("to_jsonb(");
                terms.Write(json.Operand);
                Sql.Text(")");
                break;
            case AggregateTerm aggregate: Aggregate(aggregate); break;
            case ResultTerm result: Sql.Name("s", ColumnName(result.Index)); break;
            case GroupedTerm grouped:
                Sql.Text("(grouping(");
                terms.Write(grouped.Key);
                Sql.Text(") = 0)");
                break;
            case RowNumberTerm number:
                Sql.Text("row_number() over (");
                statement.Order(terms, number.Order);
                Sql.Text(")");
                break;
            case RunningTerm running: Running(running); break;
            default: throw new InvalidOperationException($"{term.GetType().Name} is not a value of a summary.");
        }
    }

    private void Aggregate(AggregateTerm term)
    {
        if (term.Operand is null)
        {
            Sql.Text("count(*)");
            return;
        }
        switch (term.Method)
        {
            case AggregateMethod.Sum: Sql.Text("sum("); break;
            case AggregateMethod.Average: Sql.Text("avg("); break;
            case AggregateMethod.Min: Sql.Text("min("); break;
            case AggregateMethod.Max: Sql.Text("max("); break;
            case AggregateMethod.CountDistinct: Sql.Text("count(distinct "); break;
            default: Sql.Text("count("); break;
        }
        terms.Write(term.Operand);
        Sql.Text(")");
    }

    /// <summary>The row is one of those that a select over the same tables, under the same names, finds.</summary>
    public void Narrowed(NarrowedTerm term)
    {
        var root = term.Rows.Set.Root.Alias;
        Sql.Name(root, "id").Text(" in (");
        if (term.Running is not null) Sql.Text("select ").Name("s", ColumnName(0)).Text(" from (");
        Sql.Text("select ").Name(root, "id");
        if (term.Running is { } running)
        {
            Sql.Text(" as ").Name(ColumnName(0)).Text(", ");
            terms.Write(running);
            Sql.Text(" as ").Name(ColumnName(1));
        }
        statement.AllRows(terms, term.Rows, term.Rows.NeededJoins);
        if (term.Running is null) statement.Order(terms, term.Rows.Order);
        else Sql.Text(") as s where ").Name("s", ColumnName(1));
        statement.Limit(term.Rows);
        Sql.Text(")");
    }

    /// <summary>
    /// The values before the row do not yet come to the amount. Going down, negative values cannot help: where they come, the sum is as large
    /// as it will be.
    /// </summary>
    private void Running(RunningTerm term)
    {
        Sql.Text("(coalesce(sum(").Either(term.Order[0].Descending, "greatest(", "(");
        terms.Write(term.Value);
        Sql.Either(term.Order[0].Descending, ", 0)", ")").Text(") over (");
        statement.Order(terms, term.Order);
        Sql.Text(" rows between unbounded preceding and 1 preceding), 0) < ");
        if (!term.IsPercent)
        {
            Sql.Value(term.Amount, ColumnType.Decimal).Text(")");
            return;
        }
        All(term);
        Sql.Text(" * ").Value(term.Amount, ColumnType.Decimal).Text(" / 100 and ");
        All(term);
        Sql.Text(" > 0)");
    }

    private void All(RunningTerm term)
    {
        Sql.Text("sum(");
        terms.Write(term.Value);
        Sql.Text(") over ()");
    }
}
