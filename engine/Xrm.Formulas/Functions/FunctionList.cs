using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Xrm.Formulas.Functions;

/// <summary>All functions of the formula language.</summary>
internal static class FunctionList
{
    /// <summary>Functions that need nothing but their arguments.</summary>
    public static ImmutableArray<Function> Plain { get; } = [.. DateFunctions.All, .. NumberFunctions.All, .. TextFunctions.All];

    /// <summary>Functions that look at how their arguments are written, or at the record: bound by the checker itself.</summary>
    public static ImmutableArray<(string Usage, string Summary)> Special { get; } =
    [
        ("if(condition, then, else)", "One of two values. Also written condition ? then : else."),
        ("coalesce(a, b, …)", "The first value that is not null. Also written a ?? b."),
        ("isEmpty(value)", "Whether the value is null, an empty text or an empty list."),
        ("includes(list, value)", "Whether the value is in the list; null is in no list. Also written list.includes(value)."),
        ("concat(a, b, …)", "The values as one text; nulls leave nothing behind, while + gives null."),
        ("count(children)", "Number of records of a children or links field."),
        ("setting('name').field", "A value of the one record of an entity of settings, or of a record that it points to."),
        ("isNew()", "Whether the record is being created. Not in filters and computed fields."),
        ("changed(field)", "Whether this change gives the field another value; when a record is created, whether it has one. Not in filters and computed fields."),
    ];

    /// <summary>What can be written behind a point: the name there, and the function it stands for.</summary>
    public static FrozenDictionary<string, string> Methods { get; } = new Dictionary<string, string>
    {
        ["includes"] = "includes",
        ["contains"] = "contains",
        ["startsWith"] = "startsWith",
        ["endsWith"] = "endsWith",
        ["toUpperCase"] = "upper",
        ["toLowerCase"] = "lower",
        ["trim"] = "trim",
        ["toString"] = "text",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names of all functions, in alphabetical order.</summary>
    public static ImmutableArray<string> Names { get; } =
        [.. Plain.Select(function => function.Name).Concat(Special.Select(function => function.Usage[..function.Usage.IndexOf('(', StringComparison.Ordinal)])).Distinct().Order(StringComparer.Ordinal)];
}
