using System.Collections.Immutable;
using Npgsql;
using Xrm.Data.Sql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>A record that formulas are evaluated over.</summary>
/// <param name="Entity">Its entity.</param>
/// <param name="Id">Its id.</param>
/// <param name="Values">JSON object with its values by column, for one that was deleted; null for one that is stored.</param>
public sealed record FormulaRecord(Entity Entity, Guid Id, string? Values = null);

/// <summary>Evaluates formulas over one record, in the database: they may reach through lookups and count children.</summary>
public static class FormulaValues
{
    /// <summary>Evaluates formulas as a running transaction sees the record.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="schema">Schema of the organisation, unquoted.</param>
    /// <param name="context">Model, the person that <c>user</c> means, and time.</param>
    /// <param name="record">The record.</param>
    /// <param name="formulas">Formulas over the entity.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns>Their values, in CLR types of <see cref="Formula.ColumnType"/>; default where the record is not there.</returns>
    public static async Task<ImmutableArray<object?>> ReadAsync(
        NpgsqlTransaction transaction, string schema, QueryContext context, FormulaRecord record, IReadOnlyList<Formula> formulas, CancellationToken ct)
    {
        var set = new RowSet(record.Entity, new AliasSequence(), record.Values);
        foreach (var formula in formulas) formula.WriteSql(new FormulaJoins(context, set, set.Root));
        var idColumn = record.Entity.FindField("id")!.Column!;
        var plan = new QueryPlan(context, new Selection(set)
        {
            Row = PlannedRow.Empty with { Columns = [.. formulas.Select(formula => new PlannedColumn("", new BoundFormulaTerm(set.Root, formula)))] },
            Where = [new CompareTerm(BinaryOperator.Equal, new ColumnTerm(set.Root, idColumn), new ConstantTerm(record.Id, ColumnType.Uuid), Exact: false)],
        });
        await using var command = SelectSql.Rows(plan, schema).ToCommand(transaction.Connection!, transaction).Within(plan.TimeLimit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        // Column 0 is the version.
        return await reader.ReadAsync(ct) ? [.. formulas.Select((formula, index) => ColumnCodec.Read(reader, index + 1, formula.ColumnType))] : default;
    }
}
