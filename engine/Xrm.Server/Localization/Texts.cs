using System.Collections.Frozen;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Field = Xrm.Metadata.Compiled.Field;

namespace Xrm.Server.Localization;

/// <summary>The translated texts of a model in one language. Texts in English stand in the definitions themselves.</summary>
internal sealed class Texts
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> SystemFields = new Dictionary<string, FrozenDictionary<string, string>>
    {
        ["de"] = new Dictionary<string, string>
        {
            ["created_at"] = "Angelegt am",
            ["created_by"] = "Angelegt von",
            ["modified_at"] = "Geändert am",
            ["modified_by"] = "Geändert von",
            ["owner"] = "Zuständig",
            ["owning_unit"] = "Zuständige Einheit",
            ["version"] = "Version",
            ["deleted_at"] = "Gelöscht am",
            ["deleted_by"] = "Gelöscht von",
        }.ToFrozenDictionary(),
    }.ToFrozenDictionary();

    /// <summary>Headings of forms that the engine makes for entities without one.</summary>
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> Headings = new Dictionary<string, FrozenDictionary<string, string>>
    {
        ["de"] = new Dictionary<string, string>
        {
            ["General"] = "Allgemein",
            ["Details"] = "Einzelheiten",
            ["Contact"] = "Kontakt",
            ["Address"] = "Anschrift",
            ["Amounts"] = "Beträge",
            ["Dates"] = "Termine",
            ["Settings"] = "Einstellungen",
            ["Texts"] = "Texte",
            ["Related"] = "Verknüpft",
        }.ToFrozenDictionary(),
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, string> _texts;

    /// <summary>The texts of the definitions themselves: for what happens without a request, such as a workflow.</summary>
    public static Texts English { get; } = new("en", FrozenDictionary<string, string>.Empty);

    private Texts(string language, FrozenDictionary<string, string> texts)
    {
        Language = language;
        _texts = texts;
    }

    /// <summary>BCP 47 tag of the language.</summary>
    public string Language { get; }

    /// <summary>The language that suits an Accept-Language header best; English where none does.</summary>
    public static Texts For(Model model, HttpRequest request)
    {
        var wanted = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString());
        foreach (var tag in wanted)
        {
            var language = tag.Split('-')[0].ToLowerInvariant();
            if (language is "en" or "*") break;
            if (model.Texts.ContainsKey(language)) return For(model, language);
        }
        return English;
    }

    /// <summary>The texts of a language; English where the model has none of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="language">Lower-case BCP 47 tag of a language alone, such as <c>de</c>.</param>
    public static Texts For(Model model, string language) => model.Texts.TryGetValue(language, out var texts) ? new Texts(language, texts) : English;

    /// <summary>The texts whose keys begin like this, by what follows in their keys.</summary>
    public IEnumerable<KeyValuePair<string, string>> StartingWith(string prefix) => _texts
        .Where(text => text.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(text => KeyValuePair.Create(text.Key[prefix.Length..], text.Value)).OrderBy(text => text.Key, StringComparer.Ordinal);

    /// <summary>The text of that key, or null: then the text of the definition holds.</summary>
    public string? Find(string key) => _texts.GetValueOrDefault(key);

    /// <summary>The translation of a label whose key ends with the label itself (<c>form.contract.main.tab.General</c>), or the label; null for no label.</summary>
    public string? Label(string prefix, string? label) => label is null ? null : Find($"{prefix}.{label}") ?? label;

    /// <summary>The label of a tab or section of a form that the engine made; the label itself where it is the name of a field; null for no label.</summary>
    public string? Heading(string? label) => label is null ? null : Headings.GetValueOrDefault(Language)?.GetValueOrDefault(label) ?? label;

    /// <summary>The label of a field.</summary>
    public string Field(Field field) =>
        Find(field.InverseOf is { } direct ? $"entity.{direct.Entity.Name}.field.{direct.Name}.inverse.label" : $"{Key(field)}.label") ?? SystemField(field) ?? field.Label;

    /// <summary>The label of an option of a field. The texts of a shared list stand once in a translation, not once for every field that uses it.</summary>
    public string Option(Field field, Option option) => Find($"{Key(field)}.option.{option.Value}")
        ?? (field.Source.Options?.Shared is { } list ? Find($"options.{list}.option.{option.Value}") : null) ?? option.Label ?? Names.ToLabel(option.Value.ToString());

    private static string Key(Field field) => $"entity.{field.Entity.Name}.field.{field.Name}";

    /// <summary>The label of a field that every record has, such as <c>created_at</c>; null for other fields and in English.</summary>
    private string? SystemField(Field field) => field.IsSystem && SystemFields.TryGetValue(Language, out var labels) ? labels.GetValueOrDefault(field.Name) : null;
}
