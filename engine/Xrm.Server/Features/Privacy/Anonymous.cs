using System.Text.Json;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.Privacy;

/// <summary>What a record says once its person is erased.</summary>
internal static class Anonymous
{
    private const string Text = "(erased)";

    /// <summary>Fields that say something about the person, and that somebody writes.</summary>
    public static IEnumerable<Field> Fields(Entity entity) => entity.Fields.Where(field => field.Source.Personal is not null && field is { IsSystem: false, IsComputed: false });

    /// <summary>Columns of which the audit may go on telling: those that say nothing about the person, and do not follow from what does.</summary>
    public static IReadOnlyCollection<string> KeptColumns(Entity entity) =>
        [.. entity.Fields.Where(field => field.IsSystem || (field.Source.Personal is null && !field.IsComputed && field.Source.CopyFrom is null)).SelectMany(field => field.Columns).Select(column => column.Name)];

    /// <summary>The change that empties them, by API property.</summary>
    public static JsonElement Body(Entity entity, Guid id) => JsonText.Read(writer =>
    {
        writer.WriteStartObject();
        foreach (var field in Fields(entity)) Write(writer, field, id);
        writer.WriteEndObject();
    });

    /// <summary>Texts by which the person is known: addresses, numbers and the whole name.</summary>
    public static IEnumerable<string> Identifiers(Entity entity, RecordValues values) => entity.Fields
        .Where(field => field.Source.Personal is not null && field.Column is { Type: ColumnType.Text } && field.Type is TextFieldType or PersonNameType && field.Type is not (MultilineType or RichTextType or MarkdownType or CodeType or ColorType or IconType))
        .Select(field => values.Get(field.Column!.Name)).OfType<string>().Where(text => text.Length > 0 && text != Text);

    /// <summary>The person's addresses of e-mail.</summary>
    public static IEnumerable<string> Addresses(Entity entity, RecordValues values) =>
        entity.Fields.Where(field => field.Type is EmailType).Select(field => values.Get(field.Column!.Name)).OfType<string>();

    private static void Write(Utf8JsonWriter writer, Field field, Guid id)
    {
        if (field.Type is SecretType)
        {
            writer.WriteNull(field.Name);
            return;
        }
        var isRequired = field.Required is not { Always: false, Formula: null };
        foreach (var column in field.Columns.Where(column => !column.Computed))
        {
            writer.WritePropertyName(column.Name);
            if (column.Part.Length == 0 && field.Source.Personal!.Erased is { } given) given.WriteTo(writer);
            else if (isRequired && field.Required.Always == true && Placeholder(field, column, id) is { } text) writer.WriteStringValue(text);
            else writer.WriteNullValue();
        }
    }

    /// <summary>What stands where nothing must not; null where nothing may.</summary>
    private static string? Placeholder(Field field, Column column, Guid id) => field.Type switch
    {
        PersonNameType => column.Part == "last" ? Text : null,
        AddressType => column.Part == "city" ? Text : null,
        EmailType => $"erased-{id:N}@invalid.example",
        UrlType => $"https://invalid.example/{id:N}",
        PhoneType => "0",
        ColorType => "#000000",
        TextFieldType when field.Source.Unique => $"{Text} {id:N}"[..Math.Min(field.Source.MaxLength ?? 500, Text.Length + 33)],
        TextFieldType => Text[..Math.Min(field.Source.MaxLength ?? 500, Text.Length)],
        _ => null,
    };
}
