using System.Text.Json;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>Field types exist, take the settings that they are given, and can work with the values.</summary>
internal static class SettingsCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Fields.SelectMany(each => Of(each.Field, merged.Types));

    private static IEnumerable<Problem> Of(DraftField field, FieldTypeRegistry types)
    {
        if (types.Find(field.Source.Type) is not { } type)
            return [new Problem(ProblemCodes.FieldTypeUnknown, field.At("type"), $"There is no field type {field.Source.Type}.", Unknown.Remedy(field.Source.Type, types.All.Select(each => each.Name), "The reference lists the field types."))];
        return Refused(field, type).Concat(type.CheckSettings(field.Source).Select(wrong => new Problem(ProblemCodes.SettingWrong, field.At(wrong.Setting), wrong.Message, wrong.Remedy))).Concat(MaskCheck.Of(field, type));
    }

    // The writer leaves out what has its usual value: what it writes is what the field was given.
    private static IEnumerable<Problem> Refused(DraftField field, FieldType type) => JsonSerializer.SerializeToElement(field.Source, SourceJson.Options)
        .EnumerateObject().Select(setting => setting.Name).Where(setting => !type.Accepts(setting))
        .Select(setting => new Problem(ProblemCodes.SettingRefused, field.At(setting), $"A field of type {type.Name} does not take {setting}.", Remedy(setting, type)));

    private static string Remedy(string setting, FieldType type)
    {
        var own = type.Settings.IsEmpty ? "" : $" The type's own settings are {string.Join(", ", type.Settings)}.";
        return $"Remove {setting}.{own}";
    }
}
