using System.Globalization;
using System.Text.Json;

namespace Xrm.Data.Queries;

/// <summary>
/// Writes lists inside of rows, as PostgreSQL has made them, up to their limit; where one has more rows, a link behind it leads to them.
/// Only lists that can be so long are looked at; the others go out as they are.
/// </summary>
internal readonly ref struct ListCutter(Utf8JsonWriter writer, ReadOnlySpan<byte> json, string root)
{
    /// <summary>The shortest row is <c>{"id":"…"}</c>.</summary>
    private const int ShortestRow = 45;
    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>Whether the JSON of a list, or of lists inside it, is long enough to hold more rows than are shown.</summary>
    public static bool MayBeLong(ReadOnlySpan<byte> json) => json.Length > RowPlanner.NestedLimit * ShortestRow;

    /// <summary>Writes the list.</summary>
    /// <param name="list">What was planned.</param>
    /// <param name="owner">Id of the row that has the list.</param>
    public void Write(ManyExpand list, Guid owner)
    {
        var reader = new Utf8JsonReader(_json);
        reader.Read();
        WriteList(ref reader, list, owner.ToString("D"));
    }

    private void WriteList(ref Utf8JsonReader reader, ManyExpand list, string owner)
    {
        writer.WriteStartArray();
        var (rows, isCut) = (0, false);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            isCut = rows == list.Next?.Limit;
            if (isCut) reader.Skip();
            else WriteRow(ref reader, list.Rows.Row);
            rows++;
        }
        writer.WriteEndArray();
        if (isCut) writer.WriteString($"{list.Name}@odata.nextLink", Link(list.Name, list.Next!, owner));
    }

    private void WriteRow(ref Utf8JsonReader reader, PlannedRow row)
    {
        writer.WriteStartObject();
        var id = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            writer.WritePropertyName(name);
            reader.Read();
            // The id is the first property.
            if (name == "id") id = reader.GetString()!;
            WriteValue(ref reader, row.Expands.FirstOrDefault(expand => expand.Name == name), id);
        }
        writer.WriteEndObject();
    }

    private void WriteValue(ref Utf8JsonReader reader, PlannedExpand? expand, string owner)
    {
        switch (expand)
        {
            case ManyExpand many: WriteList(ref reader, many, owner); break;
            case OneExpand one when reader.TokenType == JsonTokenType.StartObject: WriteRow(ref reader, one.Row); break;
            default:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                writer.WriteRawValue(_json[start..(int)reader.BytesConsumed], skipInputValidation: true);
                break;
        }
    }

    private string Link(string name, NextList next, string owner) => string.Create(CultureInfo.InvariantCulture,
        $"{root}/{next.Collection}/{owner}/{name}?{next.Query}{(next.Query.Length > 0 ? "&" : "")}$skip={next.Skip + next.Limit}");
}
