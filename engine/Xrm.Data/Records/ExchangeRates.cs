using System.Collections.Immutable;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Source;

namespace Xrm.Data.Records;

/// <summary>Exchange rates from the entity that the packages name.</summary>
public static class ExchangeRates
{
    /// <summary>For each currency the latest rate that holds on a day: units of the currency for one unit of the base currency. Currencies without a rate are missing.</summary>
    public static async Task<ImmutableDictionary<string, decimal>> FindAsync(
        RecordTransaction records, Currencies currencies, IReadOnlyCollection<string> wanted, DateOnly day, CancellationToken ct)
    {
        if (records.Published.Model.FindEntity(currencies.Entity) is not { } entity) return ImmutableDictionary<string, decimal>.Empty;
        var (currency, validFrom, rate) = (Column(currencies.Currency), Column(currencies.ValidFrom), Column(currencies.Rate));
        var sql = new SqlBuilder().Text("select distinct on (").Name(currency).Text(") ").Name(currency).Text(", ").Name(rate)
            .Text(" from ").Name(records.Schema, entity.Plural).Text(" where ").Name(currency).Text(" = any(")
            .Values([.. wanted], ColumnType.Text).Text(") and ").Name(validFrom).Text(" <= ").Value(day, ColumnType.Date)
            .Text(" and ").Name(rate).Text(" > 0");
        records.Table(entity).AndAlive(sql).Text(" order by ").Name(currency).Text(", ").Name(validFrom).Text(" desc");
        var found = await records.ReadAsync(sql, reader => (reader.GetString(0), reader.GetDecimal(1)), ct);
        return found.ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

        string Column(string field) => entity.FindField(field)!.Column!.Name;
    }
}
