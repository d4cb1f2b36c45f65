using System.Collections.Immutable;

namespace Xrm.Data.Schema;

/// <summary>Finds for each wanted thing the one that is there.</summary>
internal static class Matching
{
    /// <summary>
    /// Pairs by name. A wanted thing whose own name is not there takes its former name's, even from a new thing of that name:
    /// with <c>b renamedFrom a</c> and <c>c renamedFrom b</c>, the old b becomes c and the old a becomes b.
    /// </summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="actual">What is there.</param>
    /// <param name="wantedName">Name of a wanted thing.</param>
    /// <param name="actualName">Name of a thing that is there.</param>
    /// <param name="formerName">Former name of a wanted thing; null where it had none.</param>
    public static ImmutableArray<(T Wanted, T? Before)> Pair<T>(
        ImmutableArray<T> wanted, ImmutableArray<T> actual, Func<T, string> wantedName, Func<T, string> actualName, Func<T, string?> formerName) where T : class
    {
        var free = actual.Where(thing => actualName(thing).Length > 0).DistinctBy(actualName).ToDictionary(actualName);
        var there = free.Keys.ToHashSet();
        var pairs = new Dictionary<T, T>(ReferenceEqualityComparer.Instance as IEqualityComparer<T>);
        foreach (var thing in wanted.Where(thing => !there.Contains(wantedName(thing))))
            if (formerName(thing) is { } former && free.Remove(former, out var before)) pairs[thing] = before;
        foreach (var thing in wanted.Where(thing => !pairs.ContainsKey(thing)))
            if (free.Remove(wantedName(thing), out var same)) pairs[thing] = same;
        foreach (var thing in wanted.Where(thing => !pairs.ContainsKey(thing)))
            if (formerName(thing) is { } former && free.Remove(former, out var before)) pairs[thing] = before;
        return [.. wanted.Select(thing => (thing, pairs.GetValueOrDefault(thing)))];
    }

    /// <summary>Orders renames so that each name is free when it is taken.</summary>
    public static IEnumerable<(string From, string To)> InOrder(IEnumerable<(string From, string To)> renames)
    {
        var waiting = renames.ToList();
        while (waiting.Count > 0)
        {
            var next = waiting.FindIndex(rename => waiting.TrueForAll(other => other.From != rename.To));
            // A circle has no order: the database will say so.
            next = Math.Max(next, 0);
            yield return waiting[next];
            waiting.RemoveAt(next);
        }
    }
}
