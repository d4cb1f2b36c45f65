using System.Collections.Immutable;
using System.Globalization;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Functions;

/// <summary>Functions over texts. A character is a Unicode code point; letters of different case are different.</summary>
internal static class TextFunctions
{
    /// <summary>Longest text that replace() makes, in characters; the number that the SQL and the browser say, too.</summary>
    private const int MostCharacters = 1_000_000;

    /// <summary>What trim() removes; the list that the SQL says, too.</summary>
    private static readonly char[] Blanks = [' ', '\t', '\n', '\r', '\v', '\f', '\u00a0'];

    public static ImmutableArray<Function> All { get; } =
    [
        new("len(text)", "Number of characters, or of a list's items; 0 for null. Also written text.length.")
        {
            Parameters = [Kinds.Text], IsStrict = false, Result = FormulaType.Integer with { IsNullable = false },
            Sql = "cast(char_length(coalesce({0}, '')) as bigint)",
            Value = (given, _) => (decimal)Characters.Count((string?)given[0] ?? ""),
        },
        new("len(list)", "Number of items; 0 for null.")
        {
            Parameters = [Kinds.List], IsStrict = false, Result = FormulaType.Integer with { IsNullable = false },
            Sql = "cast(coalesce(cardinality({0}), 0) as bigint)",
            Value = (given, _) => (decimal)((object?[]?)given[0] ?? []).Length,
        },
        Map("upper(text)", "In capital letters. Also written text.toUpperCase().", "(upper({0} collate \"und-x-icu\") collate \"C\")", LetterCase.Upper),
        Map("lower(text)", "In small letters. Also written text.toLowerCase().", "(lower({0} collate \"und-x-icu\") collate \"C\")", LetterCase.Lower),
        Map("trim(text)", "Without blanks and line ends at both sides.", @"btrim({0}, E' \t\n\r\x0B\f\u00A0')", text => text.Trim(Blanks)),
        Part("left(text, count)", "The first characters.", "left", Characters.Left),
        Part("right(text, count)", "The last characters.", "right", Characters.Right),
        new("replace(text, from, to)", "With every occurrence of one text replaced by another; null where the result has more than 1,000,000 characters.")
        {
            // Nested, each one multiplies the text: the length is worked out before there is a text of it.
            Parameters = [Kinds.Text, Kinds.Text, Kinds.Text], Result = FormulaType.Text,
            Sql = "(case when char_length({0}) + (char_length({0}) - char_length(replace({0}, {1}, ''))) / greatest(char_length({1}), 1) * cast(char_length({2}) - char_length({1}) as bigint) <= 1000000 then replace({0}, {1}, {2}) end)",
            Value = (given, _) => Replace((string)given[0]!, (string)given[1]!, (string)given[2]!),
        },
        Test("contains(text, part)", "Whether the part occurs in the text; false where one is null. Also written text.includes(part).", "(strpos({0}, {1}) > 0)", (text, part) => text.Contains(part, StringComparison.Ordinal)),
        Test("startsWith(text, part)", "Whether the text begins with the part; false where one is null.", "starts_with({0}, {1})", (text, part) => text.StartsWith(part, StringComparison.Ordinal)),
        Test("endsWith(text, part)", "Whether the text ends with the part; false where one is null.", "(right({0}, char_length({1})) = {1})", (text, part) => text.EndsWith(part, StringComparison.Ordinal)),
        ToText(Kinds.Number, "cast(trim_scale({0}) as text)", value => Exact.Trimmed((decimal)value).ToString(CultureInfo.InvariantCulture)),
        ToText([ValueKind.Boolean], "cast({0} as text)", value => (bool)value ? "true" : "false"),
        ToText(Kinds.Date, "to_char({0}, 'YYYY-MM-DD')", value => ((DateOnly)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ToText(Kinds.DateTime, "to_char({0} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", value => ((DateTime)value).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        ToText([ValueKind.Time], "to_char({0}, 'HH24:MI:SS')", value => ((TimeOnly)value).ToString("HH:mm:ss", CultureInfo.InvariantCulture)),
        ToText(Kinds.Id, "cast({0} as text)", value => ((Guid)value).ToString()),
        ToText(Kinds.Text, "{0}", value => value),
    ];

    private static string? Replace(string text, string from, string to)
    {
        var times = from.Length == 0 ? 0L : text.AsSpan().Count(from);
        if (Characters.Count(text) + times * (Characters.Count(to) - Characters.Count(from)) > MostCharacters) return null;
        return times == 0 ? text : text.Replace(from, to, StringComparison.Ordinal);
    }

    private static Function Map(string usage, string summary, string sql, Func<string, string> map) => new(usage, summary)
    {
        Parameters = [Kinds.Text],
        Result = FormulaType.Text,
        Sql = sql,
        Value = (given, _) => map((string)given[0]!),
    };

    private static Function Part(string usage, string summary, string sql, Func<string, decimal, string> part) => new(usage, summary + " A fraction of the count is dropped.")
    {
        Parameters = [Kinds.Text, Kinds.Number],
        Result = FormulaType.Text,
        // SQL's own left() takes a negative count as "all but": here it gives nothing.
        Sql = $"(case when {{1}} < 1 then left({{0}}, 0) when {{1}} >= 1 then {sql}({{0}}, cast(least(trunc({{1}}), 1000000000) as integer)) end)",
        Value = (given, _) => part((string)given[0]!, (decimal)given[1]!),
    };

    private static Function Test(string usage, string summary, string sql, Func<string, string, bool> test) => new(usage, summary)
    {
        Parameters = [Kinds.Text, Kinds.Text],
        Result = FormulaType.Answer,
        Sql = sql,
        Value = (given, _) => test((string)given[0]!, (string)given[1]!),
    };

    private static Function ToText(ImmutableArray<ValueKind> kinds, string sql, Func<object, object> text) =>
        new("text(value)", "As text: numbers without zeros at the end, dates as 2024-12-31, dates with time as 2024-12-31T23:59:59Z, true and false by name.")
        {
            Parameters = [kinds],
            Result = FormulaType.Text,
            Sql = sql,
            Value = (given, _) => text(given[0]!),
        };
}
