using System.Globalization;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Gives a field the type and limits of a plain attribute.</summary>
/// <param name="attribute">The attribute.</param>
/// <param name="type">Its data type.</param>
/// <param name="lose">Told of a property and why it is not carried over.</param>
internal sealed class TypeConverter(CdmAttribute attribute, CdmDataType type, Action<string, string> lose)
{
    /// <summary>Longest text of one line, in characters.</summary>
    public const int LongestTitle = 4_000;

    // Longer strings are what people write several lines into.
    private const int LongestLine = 500;
    private const int LongestEmail = 254;
    private const int LongestPhone = 200;
    private const int LongestUrl = 4_000;
    private const int MostDigits = 28;
    private const int DefaultScale = 10;

    // Nearest first: a type is what the first of these that it is, or extends, says.
    private static readonly (string Cdm, string Type)[] Types =
    [
        ("boolean", "boolean"), ("dateTime", "datetime"), ("date", "date"), ("time", "time"),
        ("partylist", "json"), ("guid", "uuid"), ("currency", "money"), ("decimal", "decimal"), ("float", "float"), ("integer", "integer"),
        ("email", "email"), ("phone", "phone"), ("phoneFax", "phone"), ("phoneCell", "phone"), ("url", "url"), ("json", "json"), ("binary", "file"),
        ("string", "text"), ("char", "text"),
    ];

    /// <summary>The field with type and limits.</summary>
    public Field Convert(Field field)
    {
        var name = Types.FirstOrDefault(pair => type.Is(pair.Cdm)).Type;
        if (name is null) lose("dataType", $"There is no counterpart of {(type.Name.Length == 0 ? "an unsaid type" : type.Name)}: the field is text of several lines.");
        // Time zones and languages are called strings, but their limits say that they are numbers.
        if (name == "text" && attribute.MinimumValue is not null) name = "integer";
        if (type.Is("partylist")) lose("dataType", "A list of parties: kept as JSON, without the integrity of references.");
        var typed = field with { Type = name ?? "multiline" };
        return name switch
        {
            "text" or "email" or "phone" or "url" or null => WithLength(typed),
            "integer" or "float" => WithLimits(typed),
            "decimal" or "money" => WithLimits(WithDigits(typed)),
            _ => WithoutLimits(typed),
        };
    }

    private Field WithLength(Field field)
    {
        if (attribute.MaximumLength is not { } text) return field with { Type = field.Type == "text" ? "multiline" : field.Type };
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length == 0)
        {
            lose("maximumLength", $"{text} is no length.");
            return field with { Type = field.Type == "text" ? "multiline" : field.Type };
        }
        var limit = field.Type switch { "email" => LongestEmail, "phone" => LongestPhone, "url" => LongestUrl, "text" => type.Name == "string" ? LongestLine : LongestTitle, _ => int.MaxValue };
        if (length <= limit) return field with { MaxLength = length };
        if (field.Type != "text") lose("dataType", $"Longer than any {field.Type} ({text} characters): kept as text, whose form is not checked.");
        return field with { Type = length <= LongestLine ? "text" : "multiline", MaxLength = length };
    }

    private Field WithDigits(Field field)
    {
        var scale = type.Scale ?? DefaultScale;
        var precision = type.Precision ?? MostDigits;
        if (precision <= MostDigits && scale <= precision) return field with { Precision = precision, Scale = scale };
        lose("precision", $"At most {MostDigits} digits, with no more than those after the point.");
        return field with { Precision = MostDigits, Scale = Math.Min(scale, MostDigits) };
    }

    private Field WithLimits(Field field) => field with
    {
        Min = Limit("minimumValue", attribute.MinimumValue),
        Max = Limit("maximumValue", attribute.MaximumValue),
    };

    private Field WithoutLimits(Field field)
    {
        if (attribute.MaximumLength is not null) lose("maximumLength", $"A field of type {field.Type} has no such limit.");
        if (attribute.MinimumValue is not null) lose("minimumValue", $"A field of type {field.Type} has no such limit.");
        if (attribute.MaximumValue is not null) lose("maximumValue", $"A field of type {field.Type} has no such limit.");
        return field;
    }

    private decimal? Limit(string property, string? text)
    {
        if (text is null) return null;
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit)) return limit;
        lose(property, $"{text} is beyond the numbers of a limit.");
        return null;
    }
}
