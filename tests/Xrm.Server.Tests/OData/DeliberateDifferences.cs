using System.Text.RegularExpressions;

namespace Xrm.Server.Tests.OData;

/// <summary>Where our parser and the reference differ on purpose. The page "data-api" tells clients the same.</summary>
internal static partial class DeliberateDifferences
{
    /// <summary>What the reference accepts and we refuse, by our refusal.</summary>
    private static readonly (string Reason, string Refusal)[] Stricter =
    [
        ("A time of day has two digits for the hour, a date four, two and two.", "expected a (time of day|date) such as|but there is ':'"),
        ("The opposite of null is true, false or unknown: it compares with nothing else.", "and what it is compared with is not"),
        ("A date and time names its zone: without one it would be another instant on every machine.", "expected a date and time with its zone"),
        ("A condition may have 20 of any, all, $count and $root.", "A condition may have"),
        ("A number may have 28 digits.", "a number may have 28 digits"),
        ("An item of a lambda cannot have the name of one around it.", "already names something here"),
        ("A space stands before $it.", @"but there is '\w+\$"),
        ("A number has an exponent with digits, and at most one suffix for its type.", "expected a number"),
        ("A property that is neither true nor false is no condition, on either side of and, or and not.", "is not a condition"),
    ];

    /// <summary>What we accept and the reference refuses, by its refusal.</summary>
    private static readonly (string Reason, string Refusal)[] MoreTolerant =
    [
        ("Numbers of all kinds compare and calculate with each other.", "incompatible types was detected. Found operand types 'Edm.(Decimal|Single|Double|Int32|Int64)' and 'Edm.(Decimal|Single|Double|Int32|Int64)'"),
        ("Start and length of substring may be whole numbers of any size.", "No function signature for the function with name 'substring'"),
        ("A minus sign may stand before a negative number.", "Unrecognized 'Edm\\.\\w+' literal '--"),
        ("The zone of a date and time may have one digit for the hour.", "The DateTimeOffset text .* should be in format"),
        ("An empty text may stand in a list; the reference fails over it.", "Value cannot be null or empty. .Parameter 'literalText'"),
    ];

    /// <summary>The condition with spaces around texts and parentheses, which we do not need between an operator and them.</summary>
    public static string WithSpaces(string filter) => Tight().Replace(filter, " $0 ");

    /// <summary>Whether two trees mean the same: a sign before a number may be the number's own.</summary>
    public static bool AreSame(string? ours, string? theirs) => ours == theirs || (ours is not null && theirs is not null && SignsAsWritten(ours) == SignsAsWritten(theirs));

    private static string SignsAsWritten(string tree) => MinusZero().Replace(Signed().Replace(tree, "-$1"), "0");

    /// <summary>Whether a difference is one of these.</summary>
    /// <param name="ours">Our tree; null where we refuse the condition.</param>
    /// <param name="theirs">The reference's tree; null where it refuses the condition.</param>
    /// <param name="refusal">Why whoever refuses it does.</param>
    public static bool Explain(string? ours, string? theirs, string refusal)
    {
        if (ours is not null && theirs is not null) return false;
        return (ours is null ? Stricter : MoreTolerant).Any(known => Regex.IsMatch(refusal, known.Refusal));
    }

    [GeneratedRegex(@"Negate\(([0-9.]+)\)")]
    private static partial Regex Signed();

    [GeneratedRegex(@"(?<!\w)-0(?![.\d])")]
    private static partial Regex MinusZero();

    [GeneratedRegex("'(?:[^']|'')*'|(?<=\\b(?:and|or|eq|ne|gt|ge|lt|le|add|sub|mul|div|mod))\\(|\\)(?=\\w)")]
    private static partial Regex Tight();
}
