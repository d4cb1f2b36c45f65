using System.Globalization;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Writes the select that gives a rollup of one record, from its children.</summary>
/// <param name="rows">The records that it counts.</param>
/// <param name="rollup">The rollup.</param>
/// <param name="home">The base currency; null where there is none.</param>
internal sealed class RollupSelect(IRollupRows rows, Rollup rollup, string? home)
{
    private SqlBuilder Sql => rows.Sql;

    /// <summary>Writes one value as an operand of its column's type and collation.</summary>
    /// <param name="column">Column of the rollup's field that the value is for; of amounts made from plain numbers, the amount alone.</param>
    /// <param name="parent">Alias of the record.</param>
    public void WriteOperand(Column column, string parent)
    {
        Sql.Text("cast((");
        Write(column, parent);
        RowValue.EndCast(Sql.Text(")"), column);
    }

    private void Write(Column column, string parent)
    {
        var value = rollup.Value?.Columns.FirstOrDefault(candidate => candidate.Part == column.Part);
        switch (rollup.Aggregate)
        {
            case Aggregate.First or Aggregate.Last: One(column, value!, parent); break;
            case Aggregate.Concat: Concat(value!, parent); break;
            default:
                Sql.Text("select ");
                if (rollup is { Field.Type: MoneyType, Value: { Type: MoneyType } money }) Fitted(column, () => Money(money, column));
                else Fitted(column, () => Value(value));
                From(parent);
                break;
        }
    }

    // A statement gets the same record for each column of an amount: its id decides where the order does not.
    private void One(Column column, Column value, string parent)
    {
        Sql.Text("select ");
        Fitted(column, () => rows.Value(rollup.Value!, value));
        From(parent);
        Order();
        Sql.Text(" limit 1");
    }

    /// <summary>Each text has a character, so that no more of them are needed than the field holds characters; one more shows that there are more.</summary>
    private void Concat(Column value, string parent)
    {
        var longest = ((TextFieldType)rollup.Field.Type).MaxLength(rollup.Field.Source);
        Sql.Text("select case when length(t.text) > ").Number(longest).Text(" then left(t.text, ").Number(longest - 1).Text(") || '…' else t.text end")
            .Text(" from (select string_agg(o.text, ").Value(rollup.Separator, ColumnType.Text).Text(") as text from (select left(");
        rows.Value(rollup.Value!, value);
        Sql.Text(", ").Number(longest + 1L).Text(") as text");
        From(parent);
        Sql.Text(" and ");
        rows.Value(rollup.Value!, value);
        Sql.Text(" is not null");
        Order();
        Sql.Text(" limit ").Number(longest + 1L).Text(") o) t");
    }

    private void Order()
    {
        var (isLast, order) = (rollup.Aggregate == Aggregate.Last, rollup.OrderBy!.Column!);
        Sql.Text(" order by ");
        rows.Value(rollup.OrderBy, order);
        if (order.IsWords) Sql.Text(SqlCollation.Words);
        Sql.Either(isLast, " desc nulls last, ", " nulls last, ").Name(rows.Alias, "id").Either(isLast, " desc", "");
    }

    /// <summary>Amounts of several currencies cannot be put together: then the amounts in the base currency are.</summary>
    private void Money(Field money, Column column)
    {
        var (amount, currency, inBase) = (money.Columns[0], money.Columns[1], money.Columns[2]);
        if (column.Part == MoneyType.BasePart)
        {
            Value(inBase);
            return;
        }
        Sql.Text("case when count(distinct ");
        rows.Value(money, currency);
        Sql.Text(") <= 1 then ");
        if (column.Part == MoneyType.CurrencyPart)
        {
            Sql.Text("min(");
            rows.Value(money, currency);
            Sql.Text(") else ").Value(home, ColumnType.Text);
        }
        else
        {
            Value(amount);
            Sql.Text(" else ");
            Value(inBase);
        }
        Sql.Text(" end");
    }

    private void Value(Column? column)
    {
        switch (rollup.Aggregate)
        {
            case Aggregate.Count: Sql.Text("count(*)"); break;
            case Aggregate.Sum: Of("coalesce(sum(", "), 0)"); break;
            case Aggregate.Min: Of("min(", ")"); break;
            case Aggregate.Max: Of("max(", ")"); break;
            case Aggregate.Avg: Of("avg(", ")"); break;
            default: throw new InvalidOperationException($"{rollup.Aggregate} does not put values together.");
        }

        void Of(string before, string after)
        {
            Sql.Trusted(before);
            rows.Value(rollup.Value!, column!);
            // Texts have the order of lists.
            if (column!.IsWords) Sql.Text(SqlCollation.Words);
            Sql.Trusted(after);
        }
    }

    /// <summary>A number that the column has no room for is null where the rows are lenient: one odd record must not make a whole list fail.</summary>
    private void Fitted(Column column, Action value)
    {
        var limit = column switch
        {
            { Type: ColumnType.Integer } when rollup.Aggregate != Aggregate.Count => "9223372036854775807",
            { Type: ColumnType.Decimal, Precision: > 0 } => string.Create(CultureInfo.InvariantCulture, $"1e{column.Precision - column.Scale}"),
            _ => null,
        };
        if (!rows.IsLenient || limit is null)
        {
            value();
            return;
        }
        // The value stands there once: it may be long itself.
        Sql.Text("nullif(nullif(least(greatest(round(cast(");
        value();
        Sql.Text(" as numeric), ").Number(column.Type == ColumnType.Decimal ? column.Scale : 0).Text("), -").Trusted(limit).Text("), ").Trusted(limit).Text("), ").Trusted(limit).Text("), -").Trusted(limit).Text(")");
    }

    private void From(string parent)
    {
        Sql.Text(" from ");
        rows.Table();
        Sql.Text(" where ").Name(rows.Alias, rollup.Via.Columns[0].Name).Text(" = ").Name(parent, "id");
        if (rollup.Via.IsPolymorphic) Sql.Text(" and ").Name(rows.Alias, rollup.Via.Columns[1].Name).Text(" = ").Value(rollup.Field.Entity.Name, ColumnType.Text);
        if (rollup.Child.HasRecycleBin) Sql.Text(" and ").Name(rows.Alias, "deleted_at").Text(" is null");
        if (rollup.Where is not { } where) return;
        Sql.Text(" and ");
        rows.Where(where);
    }
}
