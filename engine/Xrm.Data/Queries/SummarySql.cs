using System.Globalization;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes a summary as SQL: the groups in a select of their own, over which conditions and order work as over a table.</summary>
internal sealed class SummarySql
{
    private readonly SelectSql _statement;
    private readonly TermSql _terms;

    private SummarySql(SummaryPlan plan, string schema)
    {
        _statement = new SelectSql(plan.Source, schema);
        _terms = new TermSql(_statement, plan.Source.Rows.Set);
    }

    private SqlBuilder Sql => _statement.Builder;

    /// <summary>The rows of the result; their values stand in the order of the plan's columns.</summary>
    public static SqlBuilder Rows(SummaryPlan plan, string schema)
    {
        var summary = new SummarySql(plan, schema);
        summary.Sql.Text("select ");
        for (var index = 0; index < plan.Columns.Length; index++)
        {
            if (index > 0) summary.Sql.Text(", ");
            summary._terms.Write(plan.Columns[index].Shown);
        }
        summary.Result(plan);
        summary._statement.Order(summary._terms, plan.Order);
        summary.Sql.Text("\nlimit ").Number(plan.Limit);
        if (plan.Offset > 0) summary.Sql.Text(" offset ").Value((long)plan.Offset, ColumnType.Integer);
        return summary.Sql;
    }

    /// <summary>How many rows the result has.</summary>
    public static SqlBuilder Count(SummaryPlan plan, string schema)
    {
        var summary = new SummarySql(plan, schema);
        summary.Sql.Text("select count(*)");
        summary.Result(plan);
        return summary.Sql;
    }

    private void Result(SummaryPlan plan)
    {
        From(plan.Pipe, plan.Pipe.Stages.Length - 1);
        _statement.Where(_terms, plan.Where);
    }

    private void From(SummaryPipe pipe, int at)
    {
        Sql.Text("\nfrom (");
        Select(pipe, at);
        Sql.Text(") as s");
    }

    private void Select(SummaryPipe pipe, int at)
    {
        var stage = pipe.Stages[at];
        if (!stage.Branches.IsEmpty)
        {
            Branches(pipe, at);
            return;
        }
        Sql.Text("select ");
        for (var index = 0; index < stage.Columns.Length; index++)
        {
            if (index > 0) Sql.Text(", ");
            _terms.Write(stage.Columns[index].Term);
            Sql.Text(" as ").Name(SummaryTermSql.ColumnName(index));
        }
        if (at == 0 && pipe.Rows is { } rows) _statement.AllRows(_terms, rows, rows.Set.Joins.Count);
        else
        {
            if (at > 0) From(pipe, at - 1);
            else Sql.Text("\nfrom ").Name(InputName(pipe.Input)).Text(" as s");
            _statement.Where(_terms, stage.Where);
        }
        Groups(stage);
        _statement.Order(_terms, stage.Order);
        if (stage.Limit is { } limit) Sql.Text("\nlimit ").Number(limit);
        if (stage.Offset > 0) Sql.Text(" offset ").Value((long)stage.Offset, ColumnType.Integer);
    }

    /// <summary>By place, for an expression with parameters does not look the same twice.</summary>
    private void Groups(SummaryStage stage)
    {
        for (var index = 0; index < stage.Groups; index++) Sql.Either(index == 0, "\ngroup by ", ", ").Number(index + 1);
        var next = stage.Groups;
        foreach (var rollup in stage.Rollups)
        {
            Sql.Either(next == 0, "\ngroup by ", ", ");
            var end = next + rollup.Levels;
            // SQL's own goes down to the group of all rows: the first level stands outside of it where that is not wanted.
            if (!rollup.ToAll) Sql.Number(++next);
            if (next < end) Sql.Either(rollup.ToAll, "rollup(", ", rollup(");
            for (var first = next; next < end; next++) Sql.Either(next == first, "", ", ").Number(next + 1);
            if (rollup.ToAll || rollup.Levels > 1) Sql.Text(")");
        }
    }

    /// <summary>What comes before is worked out once: all branches begin with the same rows.</summary>
    private void Branches(SummaryPipe pipe, int at)
    {
        var branches = pipe.Stages[at].Branches;
        if (at > 0)
        {
            Sql.Text("with ").Name(InputName(branches[0].Input)).Text(" as materialized (");
            Select(pipe, at - 1);
            Sql.Text(")\n");
        }
        for (var index = 0; index < branches.Length; index++)
        {
            Sql.Either(index == 0, "(", "\nunion all (");
            Select(branches[index], branches[index].Stages.Length - 1);
            Sql.Text(")");
        }
    }

    private static string InputName(int input) => string.Create(CultureInfo.InvariantCulture, $"p{input}");
}
