using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Types whose values come from a list of options: text, or whole numbers where every option is one.</summary>
public abstract class OptionFieldType : FieldType
{
    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["options", "parent", "allowOther"];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field)
    {
        if (field.Options is not { } options) return [new("options", "The field has no options.", "Give a list of options, or the name of a shared list.")];
        if (options.Shared is not null) return [];
        return [.. OptionValues.Check(options.Inline), .. CheckDependence(field, options.Inline)];
    }

    /// <summary>One value: an option of the field, or another text where the field accepts those.</summary>
    /// <param name="json">The value.</param>
    /// <param name="field">The field.</param>
    /// <param name="integers">The options are whole numbers.</param>
    protected static ReadResult ReadOption(JsonElement json, Field field, bool integers)
    {
        object? value;
        if (integers)
        {
            var number = WholeNumberType.ReadWhole(json, null, null);
            if (!number.Ok) return number;
            value = number.Value;
        }
        else
        {
            var (text, error) = TextValue.Read(json, "text");
            if (text is null) return error;
            if (text.Length == 0) return default;
            if (TextValue.IsLongerThan(text, OptionValues.LongestText)) return ValueErrors.TooLong(OptionValues.LongestText);
            value = text;
        }
        return field.Source.AllowOther || OptionValues.Find(field, value) is not null ? new(value) : ValueErrors.UnknownOption(OptionValues.Describe(value!));
    }

    private static IEnumerable<SettingProblem> CheckDependence(Source.Field field, ImmutableArray<Source.Option> options)
    {
        if (field.Parent == field.Name) yield return new("parent", "The options depend on the field itself.", "Name another choice field of the entity.");
        if (field.Parent is null && options.Any(option => !option.When.IsDefaultOrEmpty))
            yield return new("options", "An option says when it is offered, but the field names no parent.", "Add \"parent\" with the name of the choice field that \"when\" speaks of.");
    }
}
