using System.Collections.Immutable;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Reads rollups that are not stored, for those who have records in memory.</summary>
public static class RollupValues
{
    /// <summary>Reads a rollup of records as a running transaction sees them, with what it has queued.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="context">Model, the person that <c>user</c> means, and time.</param>
    /// <param name="field">A field with a rollup.</param>
    /// <param name="column">Column of the field.</param>
    /// <param name="ids">The records.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns>The values, in the CLR type of the column, of the records that are there.</returns>
    public static async Task<Dictionary<Guid, object?>> ReadAsync(
        RecordTransaction records, QueryContext context, Field field, Column column, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var set = new RowSet(field.Entity, new AliasSequence());
        var id = new ColumnTerm(set.Root, field.Entity.FindField("id")!.Column!);
        ImmutableArray<object?> wanted = [.. ids.Select(one => (object?)one)];
        var plan = new QueryPlan(context, new Selection(set)
        {
            Row = PlannedRow.Empty with { Columns = [new PlannedColumn("", id), new PlannedColumn("", new PropertyPlanner(context, set).Value(set.Root, field, column))] },
            Where = [new InTerm(id, wanted, ColumnType.Uuid, OrNull: false, Exact: false)],
        });
        // Column 0 is the version.
        var found = await records.ReadAsync(SelectSql.Rows(plan, records.Schema), reader => (reader.GetGuid(1), ColumnCodec.Read(reader, 2, column.Type)), ct);
        return found.ToDictionary();
    }

    /// <summary>What a rollup of a record has to which nothing points.</summary>
    /// <param name="rollup">The rollup.</param>
    /// <param name="column">Column of its field.</param>
    /// <param name="home">The base currency; null where there is none.</param>
    /// <returns>0 for counts and sums, in the CLR type of the column, and the currency of sums of plain numbers; null for all others.</returns>
    public static object? OfNothing(Rollup rollup, Column column, string? home)
    {
        if (rollup.Aggregate is not (Aggregate.Count or Aggregate.Sum)) return null;
        var currency = rollup.Value?.Type is MoneyType ? null : rollup.Field.Source.Currency ?? home;
        return (column.Part, column.Type) switch
        {
            (MoneyType.CurrencyPart, _) => currency,
            // What 0 is in the base currency needs no rate where it is that, and is not known where there is none.
            (MoneyType.BasePart, _) when currency is not null && currency != home => null,
            (_, ColumnType.Integer) => 0L,
            (_, ColumnType.Decimal) => 0m,
            (_, ColumnType.Float) => 0d,
            _ => null,
        };
    }
}
