using System.Collections.Immutable;
using System.Globalization;

namespace Xrm.Data.Changes;

/// <summary>Which transactions were over at a moment, as PostgreSQL's <c>pg_snapshot</c> says it: <c>100:104:100,102</c>.</summary>
/// <param name="Oldest">The oldest transaction that was still running; all older ones are over.</param>
/// <param name="Next">The first number that was not given out yet.</param>
/// <param name="Running">The transactions between that were running.</param>
public sealed record ChangeSnapshot(ulong Oldest, ulong Next, ImmutableArray<ulong> Running)
{
    /// <summary>More than a database has connections.</summary>
    private const int MostRunning = 10_000;

    /// <summary>Reads one; null for a text that is none.</summary>
    public static ChangeSnapshot? TryParse(string text)
    {
        if (text.Split(':') is not [var first, var second, var third] || !TryParse(first, out var oldest) || !TryParse(second, out var next)) return null;
        var running = ImmutableArray.CreateBuilder<ulong>();
        foreach (var part in third.Length == 0 ? [] : third.Split(','))
        {
            if (!TryParse(part, out var number) || number < oldest || number >= next || (running.Count > 0 && number <= running[^1]) || running.Count == MostRunning) return null;
            running.Add(number);
        }
        return oldest == 0 || oldest > next ? null : new ChangeSnapshot(oldest, next, running.ToImmutable());
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Oldest}:{Next}:{string.Join(',', Running)}");

    private static bool TryParse(string text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
