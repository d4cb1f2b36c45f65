using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>The settings that field types share, by their names in JSON. A type says what it adds and what it refuses.</summary>
public static class CommonSettings
{
    /// <summary>Settings that every field takes, stored or not.</summary>
    public static ImmutableArray<string> Every { get; } =
    [
        "name", "type", "renamedFrom", "label", "description", "readonly", "visible", "hidden", "recommended",
        "audit", "personal", "sensitive", "printable", "copy", "access",
    ];

    /// <summary>Settings of fields with one stored value.</summary>
    public static ImmutableArray<string> Stored { get; } =
    [
        "required", "createOnly", "unique", "index", "search", "default", "formula", "rollup", "copyFrom", "onlyIfEmpty",
    ];

    /// <summary>All common settings.</summary>
    public static ImmutableArray<string> All { get; } = [.. Every, .. Stored];

    /// <summary>Refused by types whose values are too long, or of too many parts, for an index.</summary>
    internal static ImmutableArray<string> Indexing { get; } = ["unique", "index"];

    /// <summary>Refused by types that a formula cannot compute.</summary>
    internal static ImmutableArray<string> Computing { get; } = ["formula", "rollup"];

    /// <summary>Refused by types whose values cannot be taken from another record.</summary>
    internal static ImmutableArray<string> Copying { get; } = ["copyFrom", "onlyIfEmpty"];
}
