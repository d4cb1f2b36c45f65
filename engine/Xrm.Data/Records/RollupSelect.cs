using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Writes the select that gives a rollup of one record, from its children.</summary>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
internal sealed class RollupSelect(string schema, PublishedModel published)
{
    /// <summary>Adds the select of one value.</summary>
    /// <param name="sql">Takes it; within parentheses, behind something that has the record under its alias.</param>
    /// <param name="rollup">The rollup.</param>
    /// <param name="column">Column of the rollup's field that the value is for; of amounts made from plain numbers, the amount alone.</param>
    /// <param name="parent">Alias of the record.</param>
    public void Write(SqlBuilder sql, Rollup rollup, Column column, string parent)
    {
        var value = rollup.Value?.Columns.FirstOrDefault(candidate => candidate.Part == column.Part);
        switch (rollup.Aggregate)
        {
            case Aggregate.First or Aggregate.Last: One(sql, rollup, value!, parent); break;
            case Aggregate.Concat: Concat(sql, rollup, value!, parent); break;
            default:
                sql.Text("select ");
                if (rollup is { Field.Type: MoneyType, Value: { Type: MoneyType } money }) Money(sql, rollup.Aggregate, money, column);
                else Value(sql, rollup.Aggregate, value);
                From(sql, rollup, parent);
                break;
        }
    }

    // A statement gets the same record for each column of an amount: its id decides where the order does not.
    private void One(SqlBuilder sql, Rollup rollup, Column value, string parent)
    {
        sql.Text("select c.").Name(value.Name);
        From(sql, rollup, parent);
        Order(sql, rollup).Text(" limit 1");
    }

    /// <summary>Each text has a character, so that no more of them are needed than the field holds characters; one more shows that there are more.</summary>
    private void Concat(SqlBuilder sql, Rollup rollup, Column value, string parent)
    {
        var longest = ((TextFieldType)rollup.Field.Type).MaxLength(rollup.Field.Source);
        sql.Text("select case when length(t.text) > ").Number(longest).Text(" then left(t.text, ").Number(longest - 1).Text(") || '…' else t.text end")
            .Text(" from (select string_agg(o.text, ").Value(rollup.Separator, ColumnType.Text).Text(") as text from (select left(c.").Name(value.Name).Text(", ").Number(longest + 1L).Text(") as text");
        From(sql, rollup, parent);
        sql.Text(" and c.").Name(value.Name).Text(" is not null");
        Order(sql, rollup).Text(" limit ").Number(longest + 1L).Text(") o) t");
    }

    private static SqlBuilder Order(SqlBuilder sql, Rollup rollup)
    {
        var (isLast, order) = (rollup.Aggregate == Aggregate.Last, rollup.OrderBy!.Column!);
        sql.Text(" order by c.").Name(order.Name);
        if (order.IsWords) sql.Text(SqlCollation.Words);
        return sql.Either(isLast, " desc nulls last, c.", " nulls last, c.").Name("id").Either(isLast, " desc", "");
    }

    /// <summary>Amounts of several currencies cannot be put together: then the amounts in the base currency are.</summary>
    private void Money(SqlBuilder sql, Aggregate aggregate, Field money, Column column)
    {
        var (amount, currency, inBase) = (money.Columns[0], money.Columns[1], money.Columns[2]);
        if (column.Part == MoneyType.BasePart)
        {
            Value(sql, aggregate, inBase);
            return;
        }
        sql.Text("case when count(distinct c.").Name(currency.Name).Text(") <= 1 then ");
        if (column.Part == MoneyType.CurrencyPart) sql.Text("min(c.").Name(currency.Name).Text(") else ").Value(published.Model.Currencies?.Base, ColumnType.Text);
        else
        {
            Value(sql, aggregate, amount);
            sql.Text(" else ");
            Value(sql, aggregate, inBase);
        }
        sql.Text(" end");
    }

    private static void Value(SqlBuilder sql, Aggregate aggregate, Column? column)
    {
        switch (aggregate)
        {
            case Aggregate.Count: sql.Text("count(*)"); break;
            case Aggregate.Sum: sql.Text("coalesce(sum(c.").Name(column!.Name).Text("), 0)"); break;
            case Aggregate.Min: Least(sql.Text("min("), column!); break;
            case Aggregate.Max: Least(sql.Text("max("), column!); break;
            case Aggregate.Avg: sql.Text("avg(c.").Name(column!.Name).Text(")"); break;
            default: throw new InvalidOperationException($"{aggregate} does not put values together.");
        }
    }

    // Texts have the order of lists.
    private static void Least(SqlBuilder sql, Column column)
    {
        sql.Text("c.").Name(column.Name);
        if (column.IsWords) sql.Text(SqlCollation.Words);
        sql.Text(")");
    }

    private void From(SqlBuilder sql, Rollup rollup, string parent)
    {
        sql.Text(" from ").Name(schema, rollup.Child.Plural).Text(" c where c.").Name(rollup.Via.Columns[0].Name).Text(" = ").Name(parent, "id");
        if (rollup.Via.IsPolymorphic) sql.Text(" and c.").Name(rollup.Via.Columns[1].Name).Text(" = ").Value(rollup.Field.Entity.Name, ColumnType.Text);
        if (rollup.Child.HasRecycleBin) sql.Text(" and c.").Name("deleted_at").Text(" is null");
        if (rollup.Where is not { } where) return;
        sql.Text(" and ");
        // It does not ask for the time: what counts would change by itself.
        published.Formulas[where].WriteSql(new SameRowSql(sql, "c", DateTime.UnixEpoch));
    }
}
