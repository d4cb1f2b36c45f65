using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>
/// Automatic numbers without gaps: a number is taken when the transaction commits, and given back when it does not. Others who create such
/// records in the same period wait until the transaction ends.
/// </summary>
/// <param name="records">The transaction.</param>
public sealed class NumberSeries(RecordTransaction records)
{
    private readonly Dictionary<(Field Field, string Period), (long Next, long Last)> _taken = [];

    /// <summary>How many records of one kind are coming: their numbers are taken at once.</summary>
    public int Expected { get; set; } = 1;

    /// <summary>The next number of a field.</summary>
    /// <param name="field">A field of type <c>autonumber</c>.</param>
    /// <param name="day">Day on which the number is given.</param>
    /// <param name="ct">Cancels the statement.</param>
    public async Task<string> NextAsync(Field field, DateOnly day, CancellationToken ct)
    {
        var format = new AutoNumberFormat(field.Source.Format);
        var key = (field, format.Period(day));
        if (!_taken.TryGetValue(key, out var numbers) || numbers.Next > numbers.Last)
        {
            var last = await MoveAsync(field, key.Item2, Expected, ct);
            numbers = (last - Expected + 1, last);
        }
        _taken[key] = (numbers.Next + 1, numbers.Last);
        return format.Write(day, numbers.Next);
    }

    /// <summary>Gives back what was taken and not used. Nobody else can have got a number since: they wait for this transaction.</summary>
    public async Task GiveBackAsync(CancellationToken ct)
    {
        foreach (var ((field, period), (next, last)) in _taken)
            if (next <= last) await MoveAsync(field, period, (int)(next - last - 1), ct);
        _taken.Clear();
    }

    private async Task<long> MoveAsync(Field field, string period, int count, CancellationToken ct)
    {
        var sql = new SqlBuilder().Text("insert into ").Name(records.Schema, "_number_series")
            .Text(" as series (entity, field, period, last) values (").Value(field.Entity.Name, ColumnType.Text)
            .Text(", ").Value(field.Name, ColumnType.Text).Text(", ").Value(period, ColumnType.Text)
            .Text(", ").Value((long)count, ColumnType.Integer).Text(") on conflict (entity, field, period) do update set last = series.last + excluded.last returning last");
        return (await records.QueryAsync(sql, reader => reader.GetInt64(0), ct))[0];
    }
}
