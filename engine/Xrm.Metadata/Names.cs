using System.Text.RegularExpressions;

namespace Xrm.Metadata;

/// <summary>The rules for names, and what is made from them.</summary>
public static partial class Names
{
    /// <summary>Every name of the format matches this: PostgreSQL's own limit, so that no name is ever cut.</summary>
    public const string Pattern = "^[a-z][a-z0-9_]{0,62}$";

    /// <summary>Names of forms and views: <c>ENTITY.NAME</c>.</summary>
    public const string QualifiedPattern = "^[a-z][a-z0-9_]{0,62}\\.[a-z][a-z0-9_]{0,62}$";

    /// <summary>True where the text is a name of the format.</summary>
    public static bool IsValid(string text) => NameExpression().IsMatch(text);

    /// <summary>The label of a thing that has none: <c>starts_on</c> becomes <c>Starts on</c>.</summary>
    public static string ToLabel(string name)
    {
        var words = name.Replace('_', ' ').Trim();
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>The candidate that was probably meant; null where none is near.</summary>
    /// <param name="wrong">What was written.</param>
    /// <param name="candidates">What could have been written.</param>
    public static string? Nearest(string wrong, IEnumerable<string> candidates)
    {
        var limit = Math.Max(1, wrong.Length / 3);
        string? best = null;
        foreach (var candidate in candidates.Order(StringComparer.Ordinal))
        {
            if (Math.Abs(candidate.Length - wrong.Length) > limit) continue;
            var distance = Distance(wrong.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance > limit) continue;
            (best, limit) = (candidate, distance - 1);
        }
        return best;
    }

    /// <summary>Damerau-Levenshtein distance: a swap of two neighbours counts as one mistake, since that is how people mistype.</summary>
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var change = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(change, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        return cost[a.Length, b.Length];
    }

    [GeneratedRegex("\\A[a-z][a-z0-9_]{0,62}\\z")]
    private static partial Regex NameExpression();
}
