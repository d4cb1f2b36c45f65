using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>What can become of values in a rollup, and which fields hold it.</summary>
internal static class RollupResult
{
    /// <summary>Whether there is such an aggregate of a field's values.</summary>
    public static bool CanBe(string aggregate, Field value) => aggregate switch
    {
        "sum" or "avg" => IsNumber(value),
        "min" or "max" => value.Type.KindOf(value) is ValueKind.Number or ValueKind.Float or ValueKind.Date or ValueKind.DateTime or ValueKind.Time or ValueKind.Text,
        "first" or "last" => CanBe("min", value) || value.Type.Kind is ValueKind.Boolean or ValueKind.Uuid,
        "concat" => value.Type.KindOf(value) == ValueKind.Text,
        _ => true,
    };

    /// <summary>Whether the records can be put in the order of a field.</summary>
    public static bool CanOrder(Field order) => order.Column is not null && (CanBe("min", order) || order.Type.Kind == ValueKind.Boolean);

    /// <summary>What is wrong with the field that shows the result: what is so, and what would be right; null for nothing.</summary>
    /// <param name="result">The field.</param>
    /// <param name="aggregate">The aggregate.</param>
    /// <param name="value">What is aggregated; null for records.</param>
    public static (string Message, string Remedy)? FindMistake(Field result, string aggregate, Field? value)
    {
        var what = value is null ? $"a {aggregate}" : $"the {aggregate} of {value}";
        if (value is null || aggregate is "count" or "sum" or "avg")
            return IsNumber(result) && result.Type is not OptionFieldType ? null : Wrong("Make it a number, such as an integer or decimal.");
        if (aggregate == "concat")
            return result.Type is TextType or MultilineType && Holds(result, value) ? null : Wrong("Make it a text, or multiline where there are lines.");
        if (!Holds(result, value)) return Wrong($"Make it a {value.Type.Name}.");
        return (result.Type, value.Type) is (TextFieldType to, TextFieldType from) && to.MaxLength(result.Source) < from.MaxLength(value.Source)
            ? ($"{result} holds {to.MaxLength(result.Source)} characters, and {value} has up to {from.MaxLength(value.Source)}.", $"Give {result.Name} a maxLength of {from.MaxLength(value.Source)}.")
            : null;

        (string, string)? Wrong(string remedy) => ($"{result} is of type {result.Type.Name}, which cannot hold {what}.", remedy);
    }

    private static bool Holds(Field result, Field value) => result.Type switch
    {
        ChoiceType => value.Type is ChoiceType && value.Column!.Type == result.Column!.Type && (result.Source.AllowOther || (!value.Source.AllowOther && HasAllOptions(result, value))),
        // What takes an index is one line.
        TextType => value.Type.KindOf(value) == ValueKind.Text && value.Type.Accepts("index"),
        // What is HTML is no plain text, and no plain text is HTML.
        MultilineType => value.Type.KindOf(value) == ValueKind.Text && value.Type is not RichTextType,
        _ => IsNumber(result) ? IsNumber(value) : result.Type.Name == value.Type.Name,
    };

    private static bool HasAllOptions(Field result, Field value) =>
        value.Options.All(option => result.Options.Any(other => other.Value.ToString() == option.Value.ToString()));

    private static bool IsNumber(Field field) => field.Type.KindOf(field) is ValueKind.Number or ValueKind.Float;
}
