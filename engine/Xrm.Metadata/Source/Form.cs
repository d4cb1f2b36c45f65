using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>forms/ENTITY.NAME.json</c>: how one record is shown and edited.</summary>
public sealed record Form
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the form, <c>ENTITY.NAME</c> like its file.</summary>
    [RegularExpression(Names.QualifiedPattern)]
    public required string Name { get; init; }

    /// <summary>Entity whose records it shows.</summary>
    public required string Entity { get; init; }

    /// <summary>What people call the form.</summary>
    public string? Label { get; init; }

    /// <summary>Fields shown beside the title at the top of the form.</summary>
    public ImmutableArray<string> Header { get; init; } = [];

    /// <summary>The tabs, in order.</summary>
    public ImmutableArray<Tab> Tabs { get; init; } = [];
}

/// <summary>One tab of a form.</summary>
public sealed record Tab
{
    /// <summary>Text of the tab.</summary>
    public required string Label { get; init; }

    /// <summary>Formula that says when the tab is shown.</summary>
    public string? Visible { get; init; }

    /// <summary>The sections, in order.</summary>
    public ImmutableArray<Section> Sections { get; init; } = [];
}

/// <summary>A group of fields in a tab.</summary>
public sealed record Section
{
    /// <summary>Heading of the section; none where missing.</summary>
    public string? Label { get; init; }

    /// <summary>Columns that the fields are laid out in, 1 to 4. Default 2.</summary>
    [Range(1, 4)]
    public int Columns { get; init; } = 2;

    /// <summary>Formula that says when the section is shown.</summary>
    public string? Visible { get; init; }

    /// <summary>The fields, in order: a name, or an object with a name and a width.</summary>
    public ImmutableArray<FormField> Fields { get; init; } = [];
}

/// <summary>A field's place in a form: its name in quotes, or <c>{ "field": "notes", "span": 2 }</c>.</summary>
/// <param name="Field">Name of the field, or of an inverse side of a lookup (shown as a grid of related records).</param>
/// <param name="Span">Columns of the section that the field takes. Default 1; wide types take the whole row.</param>
[JsonConverter(typeof(FormFieldConverter))]
public sealed record FormField(string Field, int? Span = null);

internal sealed class FormFieldConverter : JsonConverter<FormField>
{
    public override FormField Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return new FormField(reader.GetString()!);
        using var document = JsonDocument.ParseValue(ref reader);
        return new FormField(
            document.RootElement.GetProperty("field").GetString()!,
            document.RootElement.TryGetProperty("span", out var span) ? span.GetInt32() : null);
    }

    public override void Write(Utf8JsonWriter writer, FormField value, JsonSerializerOptions options)
    {
        if (value.Span is not { } span)
        {
            writer.WriteStringValue(value.Field);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("field", value.Field);
        writer.WriteNumber("span", span);
        writer.WriteEndObject();
    }
}
