using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>The values of choices: what kind they are, and which of them a field knows. Retired options count as known, since old records keep them.</summary>
public static class OptionValues
{
    /// <summary>Longest text of an option, and of a value outside the list where those are accepted.</summary>
    public const int LongestText = 200;

    /// <summary>True where every option is a whole number. False for no options.</summary>
    public static bool AreIntegers(ImmutableArray<Source.Option> options) =>
        !options.IsDefaultOrEmpty && options.All(option => option.Value.ValueKind == JsonValueKind.Number && option.Value.TryGetInt64(out _));

    /// <summary>The option's value as it is stored: text, or a 64-bit whole number; null for any other JSON.</summary>
    public static object? ValueOf(Source.Option option) => option.Value.ValueKind switch
    {
        JsonValueKind.String => option.Value.GetString(),
        JsonValueKind.Number when option.Value.TryGetInt64(out var number) => number,
        _ => null,
    };

    /// <summary>The field's option with that stored value; null where there is none.</summary>
    public static Source.Option? Find(Field field, object? value) =>
        value is null ? null : field.Options.FirstOrDefault(option => value.Equals(ValueOf(option)));

    /// <summary>What is wrong with a list of options: empty, mixed, doubled, not storable.</summary>
    /// <param name="options">Options of a field, or of a shared list.</param>
    public static IEnumerable<SettingProblem> Check(ImmutableArray<Source.Option> options)
    {
        if (options.IsDefaultOrEmpty)
        {
            yield return new("options", "There are no options.", "Give at least one option with a value, or the name of a shared list.");
            yield break;
        }
        var seen = new HashSet<object>();
        foreach (var option in options)
        {
            var value = ValueOf(option);
            if (value is null)
                yield return new("options", $"{option.Value.GetRawText()} cannot be the value of an option.", "Give a text in quotes, or a whole number of 64 bits.");
            else if (value is string text && (text.Length == 0 || TextValue.IsLongerThan(text, LongestText) || !TextValue.IsStorable(text)))
                yield return new("options", "The value of an option is empty or too long.", $"Give a text of 1 to {SettingChecks.Text(LongestText)} characters; a choice that is not required is blank without an option for it.");
            else if (!seen.Add(value))
                yield return new("options", $"Two options have the value {Describe(value)}.", "Give each option its own value.");
        }
        if (seen.OfType<string>().Any() && seen.OfType<long>().Any())
            yield return new("options", "Some options are texts and some are numbers.", "Make all values texts, or all of them whole numbers.");
    }

    internal static string Describe(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
