using System.Collections.Concurrent;
using Dapper;

namespace Xrm.Data.Rules;

/// <summary>Counts what rules do: in memory, since a save must not wait for it; <see cref="FlushAsync"/> adds what came together to the table of all nodes.</summary>
public sealed class RuleCounts(Database database, TimeProvider time)
{
    /// <summary>A run that takes longer is slow.</summary>
    public static readonly TimeSpan SlowAfter = TimeSpan.FromMilliseconds(100);

    private const int LongestMessage = 2000;
    private readonly string _table = $"\"{database.Schema}\"._rule_count";
    private readonly ConcurrentDictionary<RuleKey, RuleTally> _tallies = [];

    /// <summary>Notes a run.</summary>
    /// <param name="key">What ran.</param>
    /// <param name="run">What it was like.</param>
    public void Note(RuleKey key, in RuleRun run) => _tallies.GetOrAdd(key, static _ => new RuleTally()).Add(run, time);

    /// <summary>Adds what was counted here since the last call to the table.</summary>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached; what was counted is added with the next call.</exception>
    public async Task FlushAsync(CancellationToken ct)
    {
        // In one order: two nodes that add at once would otherwise wait for each other.
        var rows = _tallies.OrderBy(pair => (pair.Key.Kind, pair.Key.Entity, pair.Key.Name)).Select(pair => (pair.Key, Taken: pair.Value.Take())).Where(pair => pair.Taken is not null).ToList();
        if (rows.Count == 0) return;
        try
        {
            await using var connection = await database.OpenAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await connection.ExecuteAsync(new CommandDefinition(Add, rows.Select(row => Parameters(row.Key, row.Taken!)), transaction, cancellationToken: ct));
            await transaction.CommitAsync(ct);
        }
        catch
        {
            foreach (var (key, taken) in rows) _tallies[key].PutBack(taken!);
            throw;
        }
    }

    /// <summary>What all nodes have counted and added.</summary>
    public async Task<IReadOnlyList<RuleCount>> ListAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<RuleCount>(new CommandDefinition($"""
            select kind, entity, rule, since, runs, refusals, failures, slow, total_ms as TotalMilliseconds, longest_ms as LongestMilliseconds, last_run_at as LastRunAt,
                   last_failure_at as LastFailureAt, last_failure as LastFailure, last_failure_line as LastFailureLine
            from {_table}
            """, cancellationToken: ct))).AsList();
    }

    private string Add => $"""
        insert into {_table} as known (kind, entity, rule, runs, refusals, failures, slow, total_ms, longest_ms, last_run_at, last_failure_at, last_failure, last_failure_line)
        values (@Kind, @Entity, @Rule, @Runs, @Refusals, @Failures, @Slow, @TotalMilliseconds, @LongestMilliseconds, @LastRunAt, @LastFailureAt, @LastFailure, @LastFailureLine)
        on conflict (kind, entity, rule) do update set
            runs = known.runs + excluded.runs, refusals = known.refusals + excluded.refusals, failures = known.failures + excluded.failures, slow = known.slow + excluded.slow,
            total_ms = known.total_ms + excluded.total_ms, longest_ms = greatest(known.longest_ms, excluded.longest_ms), last_run_at = greatest(known.last_run_at, excluded.last_run_at),
            last_failure_at = coalesce(excluded.last_failure_at, known.last_failure_at), last_failure = coalesce(excluded.last_failure, known.last_failure),
            last_failure_line = case when excluded.last_failure_at is null then known.last_failure_line else excluded.last_failure_line end
        """;

    private static object Parameters(RuleKey key, RuleCount count) => new
    {
        key.Kind,
        key.Entity,
        Rule = key.Name,
        count.Runs,
        count.Refusals,
        count.Failures,
        count.Slow,
        count.TotalMilliseconds,
        count.LongestMilliseconds,
        count.LastRunAt,
        count.LastFailureAt,
        LastFailure = count.LastFailure is { Length: > LongestMessage } text ? text[..LongestMessage] : count.LastFailure,
        count.LastFailureLine,
    };
}

/// <summary>One run of a rule.</summary>
/// <param name="Time">How long it took, the runs of others that it led to included.</param>
/// <param name="IsRefusal">It refused the save, as it is meant to.</param>
/// <param name="Failure">What went wrong; null where nothing did.</param>
/// <param name="Line">Line of the script at which it did; 0 where it is not known.</param>
public readonly record struct RuleRun(TimeSpan Time, bool IsRefusal, string? Failure, int Line);

/// <summary>What is known of the runs of a rule.</summary>
public sealed record RuleCount
{
    /// <summary>Kind of what ran, as in <see cref="RuleKey"/>.</summary>
    public string Kind { get; init; } = RuleKey.OfRules;

    /// <summary>Name of the entity.</summary>
    public string Entity { get; init; } = "";

    /// <summary>Name of the rule.</summary>
    public string Rule { get; init; } = "";

    /// <summary>What ran.</summary>
    public RuleKey Key => new(Kind, Entity, Rule);

    /// <summary>UTC time of the first that was counted.</summary>
    public DateTime Since { get; init; }

    /// <summary>Runs.</summary>
    public long Runs { get; init; }

    /// <summary>Of them, those that refused the save.</summary>
    public long Refusals { get; init; }

    /// <summary>Of them, those in which something went wrong.</summary>
    public long Failures { get; init; }

    /// <summary>Of them, those that took longer than <see cref="RuleCounts.SlowAfter"/>.</summary>
    public long Slow { get; init; }

    /// <summary>Time of all together, in milliseconds.</summary>
    public double TotalMilliseconds { get; init; }

    /// <summary>Time of the longest, in milliseconds.</summary>
    public double LongestMilliseconds { get; init; }

    /// <summary>UTC time of the last.</summary>
    public DateTime LastRunAt { get; init; }

    /// <summary>UTC time at which something went wrong last; null for never.</summary>
    public DateTime? LastFailureAt { get; init; }

    /// <summary>What went wrong last.</summary>
    public string? LastFailure { get; init; }

    /// <summary>Line of the script at which it did; null or 0 where it is not known.</summary>
    public int? LastFailureLine { get; init; }
}
