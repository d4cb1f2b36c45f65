using System.Collections.Frozen;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Queries;

/// <summary>Languages whose words PostgreSQL can stem. Each has a configuration <c>xrm.search_…</c>.</summary>
internal static class SearchLanguage
{
    /// <summary>Stems no words: for all other languages, and where several are mixed.</summary>
    private const string None = "simple";

    // Those that PostgreSQL 15, the oldest version, has (https://www.postgresql.org/docs/15/textsearch-psql.html).
    private static readonly FrozenDictionary<string, string> ByTag = new Dictionary<string, string>
    {
        ["ar"] = "arabic",
        ["hy"] = "armenian",
        ["eu"] = "basque",
        ["ca"] = "catalan",
        ["da"] = "danish",
        ["nl"] = "dutch",
        ["en"] = "english",
        ["fi"] = "finnish",
        ["fr"] = "french",
        ["de"] = "german",
        ["el"] = "greek",
        ["hi"] = "hindi",
        ["hu"] = "hungarian",
        ["id"] = "indonesian",
        ["ga"] = "irish",
        ["it"] = "italian",
        ["lt"] = "lithuanian",
        ["ne"] = "nepali",
        ["no"] = "norwegian",
        ["nb"] = "norwegian",
        ["nn"] = "norwegian",
        ["pt"] = "portuguese",
        ["ro"] = "romanian",
        ["ru"] = "russian",
        ["sr"] = "serbian",
        ["es"] = "spanish",
        ["sv"] = "swedish",
        ["ta"] = "tamil",
        ["tr"] = "turkish",
        ["yi"] = "yiddish",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The configuration for the organisation's language, without <c>xrm.search_</c>.</summary>
    public static string Of(Model model) => model.Language?.Split('-')[0] is { } tag ? ByTag.GetValueOrDefault(tag, None) : None;
}
