using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Automatic numbers without gaps: a number is taken when the transaction commits, and given back when it does not.</summary>
public static class NumberSeries
{
    /// <summary>The next number of a field. Others who create such records in the same period wait until the transaction ends.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="field">A field of type <c>autonumber</c>.</param>
    /// <param name="day">Day on which the number is given.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static async Task<string> NextAsync(RecordTransaction records, Field field, DateOnly day, CancellationToken ct)
    {
        var format = new AutoNumberFormat(field.Source.Format);
        var sql = new SqlBuilder().Text("insert into ").Name(records.Schema, "_number_series")
            .Text(" as series (entity, field, period, last) values (").Value(field.Entity.Name, ColumnType.Text)
            .Text(", ").Value(field.Name, ColumnType.Text).Text(", ").Value(format.Period(day), ColumnType.Text)
            .Text(", 1) on conflict (entity, field, period) do update set last = series.last + 1 returning last");
        return format.Write(day, (await records.QueryAsync(sql, reader => reader.GetInt64(0), ct))[0]);
    }
}
