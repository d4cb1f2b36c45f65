using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes a summary as SQL: the groups in a select of their own, over which conditions and order work as over a table.</summary>
internal static class SummarySql
{
    /// <summary>The rows of the result; their values stand in the order of the plan's columns.</summary>
    public static SqlBuilder Rows(SummaryPlan plan, string schema)
    {
        var statement = new SelectSql(plan.Source, schema);
        var terms = new TermSql(statement, plan.Source.Rows.Set);
        statement.Builder.Text("select ");
        for (var index = 0; index < plan.Columns.Length; index++)
        {
            if (index > 0) statement.Builder.Text(", ");
            terms.Write(plan.Columns[index].Shown);
        }
        Result(statement, terms, plan);
        statement.Order(terms, plan.Order);
        statement.Builder.Text("\nlimit ").Number(plan.Limit);
        if (plan.Offset > 0) statement.Builder.Text(" offset ").Value((long)plan.Offset, ColumnType.Integer);
        return statement.Builder;
    }

    /// <summary>How many rows the result has.</summary>
    public static SqlBuilder Count(SummaryPlan plan, string schema)
    {
        var statement = new SelectSql(plan.Source, schema);
        statement.Builder.Text("select count(*)");
        Result(statement, new TermSql(statement, plan.Source.Rows.Set), plan);
        return statement.Builder;
    }

    private static void Result(SelectSql statement, TermSql terms, SummaryPlan plan)
    {
        From(statement, terms, plan, plan.Stages.Length - 1);
        statement.Where(terms, plan.Where);
    }

    private static void From(SelectSql statement, TermSql terms, SummaryPlan plan, int at)
    {
        var stage = plan.Stages[at];
        var sql = statement.Builder.Text("\nfrom (select ");
        for (var index = 0; index < stage.Columns.Length; index++)
        {
            if (index > 0) sql.Text(", ");
            terms.Write(stage.Columns[index].Term);
            sql.Text(" as ").Name(SummaryTermSql.ColumnName(index));
        }
        if (at == 0) statement.AllRows(terms, plan.Source.Rows, plan.Source.Rows.Set.Joins.Count);
        else
        {
            From(statement, terms, plan, at - 1);
            statement.Where(terms, stage.Where);
        }
        // By place, for an expression with parameters does not look the same twice.
        for (var index = 0; index < stage.Groups; index++) sql.Either(index == 0, "\ngroup by ", ", ").Number(index + 1);
        statement.Order(terms, stage.Order);
        if (stage.Limit is { } limit) sql.Text("\nlimit ").Number(limit);
        if (stage.Offset > 0) sql.Text(" offset ").Value((long)stage.Offset, ColumnType.Integer);
        sql.Text(") as s");
    }
}
