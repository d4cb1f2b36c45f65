using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Where a page ended: the values by which its last row was sorted. The next page begins behind them, at the same cost however many pages
/// came before, and rows that came or went in between make it neither miss nor repeat another.
/// </summary>
internal static class PageToken
{
    /// <summary>Before the token of a page of words that are like those searched for; no sign of the token itself.</summary>
    private const char SimilarMark = '~';

    /// <summary>True where the page showed words that are like those searched for.</summary>
    public static bool IsOfSimilar(string? token) => token is [SimilarMark, ..];

    /// <summary>The token of the reader's current row.</summary>
    /// <param name="order">The steps of the order.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="ordinal">Where the first step's value stands in the row.</param>
    /// <param name="isSimilar">The page shows words that are like those searched for.</param>
    public static string Write(ImmutableArray<PlannedOrder> order, NpgsqlDataReader reader, int ordinal, bool isSimilar)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            for (var index = 0; index < order.Length; index++) ColumnJson.Write(writer, reader, ordinal + index, order[index].Shown.Type);
            writer.WriteEndArray();
        }
        var token = Base64Url.EncodeToString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        return isSimilar ? SimilarMark + token : token;
    }

    /// <summary>The rows behind a token.</summary>
    /// <exception cref="XrmException">400: it is not a token of a query with this order.</exception>
    public static BehindTerm Read(string token, ImmutableArray<PlannedOrder> order)
    {
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(IsOfSimilar(token) ? 1 : 0)));
            if (json.RootElement.ValueKind == JsonValueKind.Array && json.RootElement.GetArrayLength() == order.Length)
                return new BehindTerm(order, [.. json.RootElement.EnumerateArray().Select((value, index) => Value(value, order[index]))]);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // Told below: a token is taken as it was given or not at all.
        }
        throw new XrmException("invalid_token", 400, "$skiptoken does not belong to this query. Follow @odata.nextLink as it is, or begin at the first page.");
    }

    private static object? Value(JsonElement value, PlannedOrder step)
    {
        if (value.ValueKind == JsonValueKind.Null) return step.Nullable ? null : throw new FormatException();
        return step.Term.Type switch
        {
            ColumnType.Text => Text(value.GetString()!),
            ColumnType.Integer => value.GetInt64(),
            ColumnType.Decimal => value.GetDecimal(),
            ColumnType.Float => value.GetDouble(),
            ColumnType.Boolean => value.GetBoolean(),
            ColumnType.Uuid => value.GetGuid(),
            ColumnType.Timestamp => value.GetDateTimeOffset().UtcDateTime,
            ColumnType.Date => DateOnly.ParseExact(value.GetString()!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ColumnType.Time => TimeOnly.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture),
            _ => throw new FormatException(),
        };
    }

    private static string Text(string text) => text.Contains('\0') ? throw new FormatException() : text;
}
