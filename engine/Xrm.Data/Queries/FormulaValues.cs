using System.Collections.Immutable;
using Npgsql;
using Xrm.Data.Sql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Evaluates formulas over one stored record, in the database: they may reach through lookups and count children.</summary>
public static class FormulaValues
{
    /// <summary>Evaluates formulas as a running transaction sees the record.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="schema">Schema of the organisation, unquoted.</param>
    /// <param name="context">Model, the person that <c>user</c> means, and time.</param>
    /// <param name="entity">Entity of the record.</param>
    /// <param name="id">Id of the record.</param>
    /// <param name="formulas">Formulas over the entity.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns>Their values, in CLR types of <see cref="Formula.ColumnType"/>; default where the record is not there.</returns>
    public static async Task<ImmutableArray<object?>> ReadAsync(
        NpgsqlTransaction transaction, string schema, QueryContext context, Entity entity, Guid id, IReadOnlyList<Formula> formulas, CancellationToken ct)
    {
        var set = new RowSet(entity, new AliasSequence());
        foreach (var formula in formulas) formula.WriteSql(new FormulaJoins(context, set, set.Root));
        var idColumn = entity.FindField("id")!.Column!;
        var plan = new QueryPlan(context.Published, context.Caller, context.UtcNow, new Selection(set)
        {
            Row = PlannedRow.Empty with { Columns = [.. formulas.Select(formula => new PlannedColumn("", new BoundFormulaTerm(set.Root, formula)))] },
            Where = [new CompareTerm(BinaryOperator.Equal, new ColumnTerm(set.Root, idColumn), new ConstantTerm(id, ColumnType.Uuid), Exact: false)],
        });
        await using var command = SelectSql.Rows(plan, schema).ToCommand(transaction.Connection!, transaction);
        await using var reader = await command.ExecuteReaderAsync(ct);
        // Column 0 is the version.
        return await reader.ReadAsync(ct) ? [.. formulas.Select((formula, index) => ColumnCodec.Read(reader, index + 1, formula.ColumnType))] : default;
    }
}
