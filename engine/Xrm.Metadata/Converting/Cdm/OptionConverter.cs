using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Turns constant tables of list look-ups into options.</summary>
internal static class OptionConverter
{
    // Columns of the tables: languageTag, displayText, attributeValue, displayOrder, correlatedValue.
    private const int Language = 0;
    private const int Text = 1;
    private const int Value = 2;
    private const int Order = 3;
    private const int Correlated = 4;

    /// <summary>The options in their order on screen; a value that is there for several correlated values is one option.</summary>
    /// <param name="type">The data type with its table.</param>
    /// <param name="integers">Values are whole numbers.</param>
    /// <param name="lose">Told of what cannot be carried over.</param>
    public static ImmutableArray<Option> Options(CdmDataType type, bool integers, Action<string, string> lose)
    {
        var rows = type.Traits.FirstOrDefault(trait => trait.Name == "does.haveDefault")?.Rows ?? [];
        var language = rows.Any(row => row[Language] == "en") ? "en" : rows.FirstOrDefault() is { IsDefault: false } first ? first[Language] : null;
        foreach (var other in rows.Select(row => row[Language]).Where(each => each != language).Distinct())
            lose("options", $"Texts in the language {other}.");
        var options = ImmutableArray.CreateBuilder<Option>();
        foreach (var group in rows.Where(row => row[Language] == language && row.Length > Value && row[Value] is not null).OrderBy(OrderOf).GroupBy(row => row[Value]!))
        {
            if (ValueOf(group.Key, integers) is not { } value) lose("options", $"{group.Key} is not a whole number.");
            else options.Add(new Option { Value = value, Label = group.First()[Text], When = When(group) });
            if (group.Select(row => row[Text]).Distinct().Count() > 1) lose("options", $"{group.Key} has several texts: the first is kept.");
        }
        return options.ToImmutable();
    }

    private static ImmutableArray<JsonElement> When(IEnumerable<ImmutableArray<string?>> rows) =>
        [.. rows.Where(row => row.Length > Correlated && row[Correlated] is not null).Select(row => ValueOf(row[Correlated]!, integers: true)).OfType<JsonElement>()];

    private static JsonElement? ValueOf(string text, bool integers) =>
        !integers ? JsonSerializer.SerializeToElement(text)
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonSerializer.SerializeToElement(number) : null;

    private static int OrderOf(ImmutableArray<string?> row) =>
        row.Length > Order && int.TryParse(row[Order], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var order) ? order : int.MaxValue;
}
