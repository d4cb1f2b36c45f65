using System.Globalization;
using Xrm.Data.Errors;

namespace Xrm.Data.Changes;

/// <summary>
/// How far somebody has followed the changes: all that a snapshot saw; where a stretch to a later snapshot is under way, also those of it up
/// to a number.
/// </summary>
/// <param name="Lineage">Which history of which database it is about: another one gives the same numbers to other transactions.</param>
/// <param name="From">All that this snapshot saw is known.</param>
/// <param name="To">End of the stretch that is under way; null where none is.</param>
/// <param name="After">Number of the last event of the stretch that is known.</param>
public sealed record ChangePosition(string Lineage, ChangeSnapshot From, ChangeSnapshot? To = null, long After = 0)
{
    private const int Longest = 8_192;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="XrmException">400: the text is no position.</exception>
    public static ChangePosition Parse(string text) => TryParse(text) ?? throw new XrmException("invalid_token", 400, "This is not a position in the changes: send the one that an answer gave.");

    private static ChangePosition? TryParse(string text)
    {
        if (text.Length > Longest || text.Split('!') is not [{ Length: > 0 and < 60 } lineage, var first, .. var rest] || ChangeSnapshot.TryParse(first) is not { } from) return null;
        if (rest.Length == 0) return new ChangePosition(lineage, from);
        return rest is [var second, var third] && ChangeSnapshot.TryParse(second) is { } to && to.Next >= from.Next && long.TryParse(third, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? new ChangePosition(lineage, from, to, after) : null;
    }

    /// <summary>In signs that can stand in a header.</summary>
    public override string ToString() => To is null ? $"{Lineage}!{From}" : string.Create(CultureInfo.InvariantCulture, $"{Lineage}!{From}!{To}!{After}");
}
