using Microsoft.AspNetCore.WebUtilities;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>Understands the query part of a URL of the data API.</summary>
internal static class ODataUrl
{
    private static readonly string[] Options = ["$select", "$filter", "$orderby", "$top", "$skip", "$skiptoken", "$count", "$expand", "$apply", "$compute", "$search", "$format", "view", "deleted"];

    /// <summary>Reads all options.</summary>
    /// <param name="query">The URL from the question mark on, still encoded; may be empty.</param>
    /// <exception cref="Xrm.Data.Errors.XrmException">400 with the position and what was expected there.</exception>
    public static DataQuery Parse(string? query)
    {
        var result = new DataQuery();
        if (string.IsNullOrEmpty(query)) return result;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var aliases = ReadAliases(query);
        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (IsAlias(pair.DecodeName().Span)) continue;
            var name = Canonical(pair.DecodeName().Span);
            if (!seen.Add(name)) throw QueryErrors.NotUnderstood($"{name} is given twice.");
            var value = pair.DecodeValue();
            if (value.Length > QueryLimits.OptionLength) throw QueryErrors.TooLarge($"{name} may have {QueryLimits.OptionLength} characters.");
            result = Read(result, name, value.Span, aliases);
        }
        return result;
    }

    /// <summary>Expressions that the options use by names such as <c>@p</c>; null where there are none.</summary>
    private static Dictionary<string, string>? ReadAliases(string query)
    {
        if (!query.Contains('@') && !query.Contains("%40", StringComparison.Ordinal)) return null;
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(query))
        {
            var (name, value) = (pair.DecodeName().ToString(), pair.DecodeValue().ToString());
            if (!IsAlias(name)) continue;
            if (value.Length > QueryLimits.OptionLength) throw QueryErrors.TooLarge($"{name} may have {QueryLimits.OptionLength} characters.");
            if (!aliases.TryAdd(name, value)) throw QueryErrors.NotUnderstood($"{name} is given twice.");
            if (aliases.Count > QueryLimits.Aliases) throw QueryErrors.TooLarge($"A query may have {QueryLimits.Aliases} aliases.");
        }
        return aliases;
    }

    private static bool IsAlias(ReadOnlySpan<char> name) => name.Length > 1 && name[0] == '@';

    private static DataQuery Read(DataQuery query, string name, ReadOnlySpan<char> value, Dictionary<string, string>? aliases)
    {
        switch (name)
        {
            case "view":
                return query with { View = value.ToString() };
            case "deleted":
                return value is "only" ? query with { OnlyDeleted = true } : throw QueryErrors.NotUnderstood("deleted can only be 'only': the records in the recycle bin.");
            case "$skiptoken":
                return query with { After = value.ToString() };
            case "$count" when value is "estimate":
                return query with { EstimateCount = true };
            case "$search":
                return query with { Search = SearchParser.Parse(value) };
            case "$format":
                return IsJson(value) ? query : query with { Csv = FormatParser.ReadCsv(value.ToString()) ?? throw QueryErrors.NotUnderstood("$format can be json or csv.") };
            default:
                var lexer = new QueryLexer(value, name, aliases);
                var result = OptionParser.ReadOption(ref lexer, query, name, 0);
                return lexer.Token == QueryToken.End ? result : throw lexer.Expected("the end, or an operator");
        }
    }

    /// <summary>Parameters such as <c>odata.metadata=full</c> are wishes; the answer's own type says which are fulfilled.</summary>
    private static bool IsJson(ReadOnlySpan<char> format)
    {
        var end = format.IndexOf(';');
        return (end < 0 ? format : format[..end]).Trim() is "json" or "application/json";
    }

    /// <summary>
    /// The option's name with its dollar sign, which OData 4.01 lets clients leave out, and in lower case, which it lets them ignore. An unknown name is an error: a
    /// misspelt filter that was ignored would return, or count, everything.
    /// </summary>
    private static string Canonical(ReadOnlySpan<char> name)
    {
        foreach (var option in Options)
            if (name.Equals(option, StringComparison.OrdinalIgnoreCase) || (option[0] == '$' && name.Equals(option.AsSpan(1), StringComparison.OrdinalIgnoreCase))) return option;
        throw QueryErrors.NotUnderstood($"There is no option '{name}'. There are {string.Join(", ", Options)}.");
    }
}
