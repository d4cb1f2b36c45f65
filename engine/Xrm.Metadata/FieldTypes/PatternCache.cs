using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Compiled <c>pattern</c> settings, kept for as long as their field lives.</summary>
internal sealed class PatternCache
{
    private readonly ConditionalWeakTable<Source.Field, Regex> _byField = [];

    /// <summary>True where the field has no pattern or the whole text matches it.</summary>
    internal bool Matches(Source.Field field, string text) =>
        field.Pattern is null || _byField.GetValue(field, static owner => Compile(owner.Pattern!)).IsMatch(text);

    /// <summary>The pattern, anchored at both ends. Linear time, so that no pattern can stop the server.</summary>
    /// <exception cref="ArgumentException">The pattern is wrong.</exception>
    /// <exception cref="NotSupportedException">The pattern has something that cannot be matched in linear time.</exception>
    internal static Regex Compile(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
