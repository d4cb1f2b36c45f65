using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Application;

/// <summary>Translations translate something that is there. Texts without a name, such as headings, have the English text as the end of the key. Which texts scripts ask for, only they know.</summary>
internal static class TranslationCheck
{
    public static IEnumerable<Problem> Of(Merged merged)
    {
        var translations = merged.Draft.Packages.SelectMany(package => package.Translations).ToList();
        if (translations.Count == 0) return [];
        var keys = new TextKeys(merged.Draft).All();
        return translations.SelectMany(translation => Of(translation, keys, merged.Draft));
    }

    private static IEnumerable<Problem> Of(InFile<Translation> translation, HashSet<string> keys, Draft draft) =>
        from key in translation.Value.Texts.Keys
        where !keys.Contains(key) && !key.StartsWith("script.", StringComparison.Ordinal) && !IsOfUnreadable(key, draft)
        select new Problem(ProblemCodes.TextKeyUnknown, translation.At(JsonScan.Append("$.texts", key)), $"Nothing has the text key {key}.", Unknown.Remedy(key, keys, "Correct the key, or remove the text."));

    private static bool IsOfUnreadable(string key, Draft draft)
    {
        var parts = key.Split('.');
        return parts.Length > 2 && (draft.IsUnreadable(parts[0] switch { "entity" => "entities", "options" => "options", _ => $"{parts[0]}s" }, parts[1])
            || draft.IsUnreadable($"{parts[0]}s", $"{parts[1]}.{parts[2]}"));
    }
}
