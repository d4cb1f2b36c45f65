using System.Globalization;
using System.Text.Json;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Compiled;

/// <summary>What a parameter of an action can be.</summary>
public static class ParameterValue
{
    private const int UsualLength = 4_000;

    /// <summary>What is wrong with a value, to be read after the parameter's name; null where nothing is. Whether a record is there is not looked at.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">A value that is not null.</param>
    public static string? Mistake(ActionParameter parameter, JsonElement value) => parameter.Type switch
    {
        "text" or "multiline" => value.ValueKind != JsonValueKind.String ? "must be a text." : Length(parameter, value.GetString()!),
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) ? Range(parameter, whole) : "must be a whole number.",
        "decimal" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? Range(parameter, number) : "must be a number.",
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false.",
        "date" => Text(value) is { } day && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "must be a day such as 2026-11-23.",
        "datetime" => Text(value) is { } moment && moment.Contains('T') && DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? null : "must be a moment such as 2026-11-23T10:00:00Z.",
        "choice" => Text(value) is { } choice && parameter.Options.Any(option => option.Value == choice) ? null : $"must be one of {string.Join(", ", parameter.Options.Select(option => option.Value))}.",
        _ => Text(value) is { } id && Guid.TryParse(id, out _) ? null : $"must be the id of a record of {parameter.Target}.",
    };

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Length(ActionParameter parameter, string text) => (parameter.MaxLength ?? UsualLength) is var most && text.Length > most ? $"must be no longer than {most} characters." : null;

    private static string? Range(ActionParameter parameter, decimal number) =>
        number < parameter.Min ? Invariant($"must be at least {parameter.Min}.") : number > parameter.Max ? Invariant($"must be at most {parameter.Max}.") : null;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
