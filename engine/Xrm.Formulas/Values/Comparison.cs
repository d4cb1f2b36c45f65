namespace Xrm.Formulas.Values;

/// <summary>How values compare. Texts compare by code point, as PostgreSQL's collation "C" does.</summary>
internal static class Comparison
{
    /// <summary>Null equals null, and nothing else.</summary>
    public static bool AreEqual(object? left, object? right) => left is null || right is null ? left is null && right is null : left.Equals(right);

    /// <param name="left">Not null.</param>
    /// <param name="right">Not null, of the same kind.</param>
    public static int Compare(object left, object right) => left is string text ? CompareText(text, (string)right) : ((IComparable)left).CompareTo(right);

    private static int CompareText(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var at = 0; at < length; at++)
        {
            var (one, other) = (left[at], right[at]);
            if (one == other) continue;
            // Surrogates stand for code points above all others, though their own numbers lie below U+E000.
            return char.IsSurrogate(one) != char.IsSurrogate(other) ? char.IsSurrogate(one).CompareTo(char.IsSurrogate(other)) : one.CompareTo(other);
        }
        return left.Length.CompareTo(right.Length);
    }
}
