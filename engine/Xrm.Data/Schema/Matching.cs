using System.Collections.Immutable;

namespace Xrm.Data.Schema;

/// <summary>Finds for each wanted thing the one that is there, and orders the renames that follow from it.</summary>
internal static class Matching
{
    /// <summary>
    /// Pairs by name. A wanted thing whose own name is not there takes its former name's, even from a new thing of that name:
    /// with <c>b renamedFrom a</c> and <c>c renamedFrom b</c>, the old b becomes c and the old a becomes b. Things that exchange their
    /// names all have both names there; they are exchanged unless each of them says already that it had the other's name.
    /// </summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="actual">What is there.</param>
    /// <param name="name">Name of a thing; empty where it cannot be matched.</param>
    /// <param name="formerName">Former name of a thing: of a wanted one the name to take over, of one that is there the name taken over already; null for none.</param>
    public static ImmutableArray<(T Wanted, T? Before)> Pair<T>(
        ImmutableArray<T> wanted, ImmutableArray<T> actual, Func<T, string> name, Func<T, string?> formerName) where T : class
    {
        var free = actual.Where(thing => name(thing).Length > 0).DistinctBy(name).ToDictionary(name);
        var there = free.ToImmutableDictionary();
        var pairs = new Dictionary<T, T>(ReferenceEqualityComparer.Instance as IEqualityComparer<T>);
        foreach (var circle in Circles(wanted, name, formerName).Where(circle => circle.TrueForAll(thing => there.ContainsKey(name(thing)))))
            if (!circle.TrueForAll(thing => formerName(there[name(thing)]) == formerName(thing)))
                foreach (var thing in circle) TakeFormer(thing);
        foreach (var thing in wanted.Where(thing => !there.ContainsKey(name(thing)))) TakeFormer(thing);
        foreach (var thing in wanted.Where(thing => !pairs.ContainsKey(thing)))
            if (free.Remove(name(thing), out var same)) pairs[thing] = same;
        foreach (var thing in wanted.Where(thing => !pairs.ContainsKey(thing))) TakeFormer(thing);
        return [.. wanted.Select(thing => (thing, pairs.GetValueOrDefault(thing)))];

        void TakeFormer(T thing)
        {
            if (formerName(thing) is { } former && free.Remove(former, out var before)) pairs[thing] = before;
        }
    }

    /// <summary>Orders renames so that each name is free when it is taken; a circle is opened by a name that only lasts for the moment.</summary>
    public static IEnumerable<Rename> InOrder(IEnumerable<(string From, string To)> renames)
    {
        var waiting = renames.Select(rename => new Rename(rename.From, rename.To, rename.To)).ToList();
        var opened = 0;
        while (waiting.Count > 0)
        {
            var next = waiting.FindIndex(rename => waiting.TrueForAll(other => other.From != rename.To));
            if (next >= 0)
            {
                yield return waiting[next];
                waiting.RemoveAt(next);
                continue;
            }
            // No name of an entity or field, nor one made of them, begins so.
            var moment = $"~{++opened}";
            yield return waiting[0] with { To = moment };
            waiting[0] = waiting[0] with { From = moment };
        }
    }

    /// <summary>Wanted things each of which takes the name of the next, and the last that of the first.</summary>
    private static IEnumerable<List<T>> Circles<T>(ImmutableArray<T> wanted, Func<T, string> name, Func<T, string?> formerName) where T : class
    {
        var byName = wanted.DistinctBy(name).ToDictionary(name);
        var seen = new HashSet<T>(ReferenceEqualityComparer.Instance as IEqualityComparer<T>);
        foreach (var start in wanted)
        {
            var path = new List<T>();
            var thing = start;
            while (thing is not null && seen.Add(thing))
            {
                path.Add(thing);
                thing = formerName(thing) is { } former ? byName.GetValueOrDefault(former) : null;
            }
            var first = thing is null ? -1 : path.IndexOf(thing);
            if (first >= 0 && path.Count - first > 1) yield return path[first..];
        }
    }
}

/// <summary>One rename.</summary>
/// <param name="From">The name before.</param>
/// <param name="To">The name after.</param>
/// <param name="Final">The name in the end; another one than <paramref name="To"/> where that is only for the moment.</param>
internal sealed record Rename(string From, string To, string Final)
{
    /// <summary>For people.</summary>
    /// <param name="what">What is renamed, up to its name: <c>the table </c>, <c>contract.</c>.</param>
    public string Describe(string what) => To == Final
        ? $"Rename {what}{From} to {To}."
        : $"Rename {what}{From} to {To} for the moment, until the name {Final} is free.";
}
