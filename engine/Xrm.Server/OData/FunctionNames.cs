using System.Collections.Frozen;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>The functions that a query can call, by the names that OData gives them.</summary>
internal static class FunctionNames
{
    private static readonly FrozenDictionary<string, FunctionName> Known = new[]
    {
        new FunctionName("contains", QueryFunction.Contains, 2, 2),
        new FunctionName("startswith", QueryFunction.StartsWith, 2, 2),
        new FunctionName("endswith", QueryFunction.EndsWith, 2, 2),
        new FunctionName("tolower", QueryFunction.ToLower, 1, 1),
        new FunctionName("toupper", QueryFunction.ToUpper, 1, 1),
        new FunctionName("length", QueryFunction.Length, 1, 1),
        new FunctionName("indexof", QueryFunction.IndexOf, 2, 2),
        new FunctionName("substring", QueryFunction.Substring, 2, 3),
        new FunctionName("concat", QueryFunction.Concat, 2, 2),
        new FunctionName("trim", QueryFunction.Trim, 1, 1),
        new FunctionName("matchesPattern", QueryFunction.MatchesPattern, 2, 2),
        new FunctionName("year", QueryFunction.Year, 1, 1),
        new FunctionName("month", QueryFunction.Month, 1, 1),
        new FunctionName("day", QueryFunction.Day, 1, 1),
        new FunctionName("hour", QueryFunction.Hour, 1, 1),
        new FunctionName("minute", QueryFunction.Minute, 1, 1),
        new FunctionName("second", QueryFunction.Second, 1, 1),
        new FunctionName("fractionalseconds", QueryFunction.FractionalSeconds, 1, 1),
        new FunctionName("date", QueryFunction.Date, 1, 1),
        new FunctionName("time", QueryFunction.Time, 1, 1),
        new FunctionName("totaloffsetminutes", QueryFunction.TotalOffsetMinutes, 1, 1),
        new FunctionName("now", QueryFunction.Now, 0, 0),
        new FunctionName("mindatetime", QueryFunction.MinDateTime, 0, 0),
        new FunctionName("maxdatetime", QueryFunction.MaxDateTime, 0, 0),
        new FunctionName("round", QueryFunction.Round, 1, 1),
        new FunctionName("floor", QueryFunction.Floor, 1, 1),
        new FunctionName("ceiling", QueryFunction.Ceiling, 1, 1),
    }.ToFrozenDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>All names, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys.Order(StringComparer.Ordinal)];

    /// <summary>All names, for errors.</summary>
    public static string All { get; } = string.Join(", ", Names);

    /// <summary>The function of that name, in capitals or not; or null.</summary>
    public static FunctionName? Find(string name) => Known.GetValueOrDefault(name);
}

/// <summary>A function and how many arguments it takes.</summary>
internal sealed record FunctionName(string Name, QueryFunction Function, int Least, int Most);
