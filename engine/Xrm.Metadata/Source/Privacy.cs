using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary>Says of a field that its value is about a person: <c>true</c>, or an object that says what for.</summary>
[JsonConverter(typeof(PersonalConverter))]
public sealed record Personal
{
    /// <summary>False only where an extension says that a value is not about a person.</summary>
    internal bool IsPersonal { get; init; } = true;

    /// <summary>What the value is kept for, for the record of processing activities.</summary>
    public string? Purpose { get; init; }

    /// <summary>What permits it (article 6 of the GDPR): <c>consent</c>, <c>contract</c>, <c>legalObligation</c>, <c>vitalInterests</c>, <c>publicTask</c> or <c>legitimateInterests</c>.</summary>
    [AllowedValues("consent", "contract", "legalObligation", "vitalInterests", "publicTask", "legitimateInterests")]
    public string? Basis { get; init; }

    /// <summary>Constant that takes the value's place when the person is erased; nothing where missing, and of required texts <c>(erased)</c>.</summary>
    public JsonElement? Erased { get; init; }
}

/// <summary>Whose data records of an entity hold, what becomes of them when that person is erased, and when they go by themselves.</summary>
public sealed record Privacy
{
    /// <summary>Records stand for people themselves, such as contacts.</summary>
    public bool Person { get; init; }

    /// <summary>Lookup that leads to the person whom records are about, directly or through the lookup that its target names.</summary>
    public string? Subject { get; init; }

    /// <summary>What becomes of a record when its person is erased: its personal fields are emptied (<c>anonymise</c>, the default), it goes (<c>delete</c>), or it stays as it is (<c>keep</c>, with a reason).</summary>
    [AllowedValues("anonymise", "delete", "keep")]
    public string? Erasure { get; init; }

    /// <summary>Why, and how long, a record has to stay as it is nevertheless.</summary>
    public Keep? Keep { get; init; }

    /// <summary>When records go without anybody asking.</summary>
    public PrivacyRetention? Retention { get; init; }
}

/// <summary>Why a record must stay when its person is erased.</summary>
public sealed record Keep
{
    /// <summary>The law or duty, for those who ask.</summary>
    public required string Reason { get; init; }

    /// <summary>How long, from the date in <c>from</c> on: an ISO 8601 duration such as <c>P10Y</c>. For ever where missing.</summary>
    public string? For { get; init; }

    /// <summary>Field of type date or datetime from which the time counts; a record without a value stays.</summary>
    public string? From { get; init; }
}

/// <summary>When records go by themselves.</summary>
public sealed record PrivacyRetention
{
    /// <summary>Time after the date in <c>from</c>: an ISO 8601 duration such as <c>P3Y</c>.</summary>
    public required string After { get; init; }

    /// <summary>Field of type date or datetime from which the time counts; a record without a value stays.</summary>
    public required string From { get; init; }

    /// <summary>What becomes of them: <c>anonymise</c> (the default) or <c>delete</c>.</summary>
    [AllowedValues("anonymise", "delete")]
    public string? Do { get; init; }
}

internal sealed class PersonalConverter : JsonConverter<Personal>
{
    public override Personal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return new Personal { IsPersonal = reader.TokenType == JsonTokenType.True };
        using var document = JsonDocument.ParseValue(ref reader);
        return new Personal
        {
            Purpose = document.RootElement.TryGetProperty("purpose", out var purpose) ? purpose.GetString() : null,
            Basis = document.RootElement.TryGetProperty("basis", out var basis) ? basis.GetString() : null,
            Erased = document.RootElement.TryGetProperty("erased", out var erased) ? erased.Clone() : null,
        };
    }

    public override void Write(Utf8JsonWriter writer, Personal value, JsonSerializerOptions options)
    {
        if (value is { Purpose: null, Basis: null, Erased: null })
        {
            writer.WriteBooleanValue(value.IsPersonal);
            return;
        }
        writer.WriteStartObject();
        if (value.Purpose is { } purpose) writer.WriteString("purpose", purpose);
        if (value.Basis is { } basis) writer.WriteString("basis", basis);
        if (value.Erased is { } erased)
        {
            writer.WritePropertyName("erased");
            erased.WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}
