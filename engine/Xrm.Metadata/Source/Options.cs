using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary>The values of a choice: written in place, or the name of a shared list.</summary>
/// <param name="Shared">Name of a list in <c>options/</c>; null where the options are written in place.</param>
/// <param name="Inline">The options in place; empty where a shared list is named.</param>
[JsonConverter(typeof(OptionsConverter))]
public sealed record Options(string? Shared, ImmutableArray<Option> Inline);

/// <summary>One value to choose.</summary>
public sealed record Option
{
    /// <summary>Stored value: text, or a whole number. All options of a list are of one kind.</summary>
    public required JsonElement Value { get; init; }

    /// <summary>What people see; made from the value where missing.</summary>
    public string? Label { get; init; }

    /// <summary>Name of a palette colour.</summary>
    public string? Color { get; init; }

    /// <summary>Name of a Tabler icon.</summary>
    public string? Icon { get; init; }

    /// <summary>Kept on old records, not offered for new ones.</summary>
    public bool Retired { get; init; }

    /// <summary>Values of the field named by <see cref="Field.Parent"/> for which this option is offered; all where empty.</summary>
    public ImmutableArray<JsonElement> When { get; init; } = [];
}

/// <summary><c>options/NAME.json</c>: a list of options that several fields share.</summary>
public sealed record OptionList
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the list.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>What people call the list.</summary>
    public string? Label { get; init; }

    /// <summary>The options, in the order on screen.</summary>
    public ImmutableArray<Option> Options { get; init; } = [];
}

internal sealed class OptionsConverter : JsonConverter<Options>
{
    public override Options Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.String
        ? new Options(reader.GetString(), [])
        : new Options(null, JsonSerializer.Deserialize<ImmutableArray<Option>>(ref reader, options));

    public override void Write(Utf8JsonWriter writer, Options value, JsonSerializerOptions options)
    {
        if (value.Shared is { } shared) writer.WriteStringValue(shared);
        else JsonSerializer.Serialize(writer, value.Inline, options);
    }
}
