using System.Globalization;
using Xrm.Data.Sql;

namespace Xrm.Data.Queries;

/// <summary>Writes the values of summaries as SQL.</summary>
internal sealed class SummaryTermSql(TermSql terms)
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
}
