using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>true</c>, <c>false</c>, or a formula that says when.</summary>
/// <param name="Always">The constant; null where a formula decides.</param>
/// <param name="Formula">The formula; null where the answer is constant.</param>
[JsonConverter(typeof(ConditionConverter))]
public sealed record Condition(bool? Always, string? Formula);

internal sealed class ConditionConverter : JsonConverter<Condition>
{
    public override Condition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => new Condition(true, null),
        JsonTokenType.False => new Condition(false, null),
        JsonTokenType.String => new Condition(null, reader.GetString()),
        _ => throw new JsonException("Expected true, false or a formula in quotes."),
    };

    public override void Write(Utf8JsonWriter writer, Condition value, JsonSerializerOptions options)
    {
        if (value.Always is { } always) writer.WriteBooleanValue(always);
        else writer.WriteStringValue(value.Formula);
    }
}
