using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Any JSON value, of at most 1,000,000 characters. Opaque to formulas.</summary>
public sealed class JsonType : FieldType
{
    private const int MaxLength = 1_000_000;

    // jsonb keeps numbers as numeric, which ends at 131,072 digits before the point and 16,383 after it; nobody's numbers come near.
    private const int MostNumberDigits = 1_000;

    /// <inheritdoc/>
    public override string Name => "json";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Json;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => [.. CommonSettings.Indexing, .. CommonSettings.Computing, "search"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Json)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        var text = json.GetRawText();
        if (text.Length > MaxLength) return ValueErrors.JsonTooLong(MaxLength);
        return Check(json) ?? new ReadResult(text);
    }

    /// <summary>What jsonb would refuse although it is JSON. As deep as the reader of the JSON permits (64 levels).</summary>
    private static ReadResult? Check(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => CheckText(json),
        JsonValueKind.Number => ExactNumber.Extent(json) > MostNumberDigits ? ValueErrors.OutOfRange($"numbers of at most {SettingChecks.Text(MostNumberDigits)} digits") : null,
        JsonValueKind.Array => json.EnumerateArray().Select(Check).FirstOrDefault(error => error is not null),
        JsonValueKind.Object => json.EnumerateObject().Select(CheckProperty).FirstOrDefault(error => error is not null),
        _ => null,
    };

    private static ReadResult? CheckProperty(JsonProperty property)
    {
        try
        {
            return TextValue.IsStorable(property.Name) ? Check(property.Value) : ValueErrors.InvalidText();
        }
        catch (InvalidOperationException)
        {
            return ValueErrors.InvalidText();
        }
    }

    private static ReadResult? CheckText(JsonElement json)
    {
        var (text, error) = TextValue.Read(json, "text");
        return text is null ? error : null;
    }
}
