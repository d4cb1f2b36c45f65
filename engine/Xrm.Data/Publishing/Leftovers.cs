using Xrm.Data.Errors;

namespace Xrm.Data.Publishing;

/// <summary>
/// Removes columns that publishes have deleted, and what is left of publishes that were broken off. It waits until no node and no request can
/// have a model that has them; what it does not get to is there for the next time, or the next start.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="time">The clock.</param>
public sealed class Leftovers(Database database, TimeProvider time)
{
    /// <summary>Longer than a node takes to hear of a publish that it was not told of, and than a request takes.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    // One of the same name may have come and gone meanwhile: it has a number of its own.
    private readonly Dictionary<(DetachedPart Part, long Number), DateTimeOffset> _seen = [];

    /// <summary>Removes those that have been seen long enough ago; to be called from time to time, by one caller at a time.</summary>
    /// <param name="progress">Told of what is removed.</param>
    /// <param name="ct">Cancels the removal.</param>
    /// <returns>Number of tables and columns that were removed.</returns>
    /// <exception cref="XrmException">503: the database cannot be reached, or a table was in use all the time.</exception>
    public async Task<int> RemoveAsync(Action<string> progress, CancellationToken ct)
    {
        var parts = new DetachedParts(database);
        var found = await parts.ReadAsync(ct);
        foreach (var gone in _seen.Keys.Except(found).ToList()) _seen.Remove(gone);
        foreach (var part in found) _seen.TryAdd(part, time.GetUtcNow());
        var due = found.Where(part => time.GetUtcNow() - _seen[part] >= Grace).Select(part => part.Part).ToHashSet();
        if (due.Count == 0) return 0;
        var removed = await parts.RemoveAsync(due, progress, ct);
        foreach (var part in removed) progress($"Removed what was left of {part.Table}{(part.Column is { } column ? $".{column}" : "")}.");
        return removed.Length;
    }
}
