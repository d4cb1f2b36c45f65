namespace Xrm.Data.Rules;

/// <summary>What was counted of a rule since it was last taken.</summary>
internal sealed class RuleTally
{
    private readonly Lock _gate = new();
    private RuleCount? _count;

    public void Add(in RuleRun run, TimeProvider time)
    {
        var (now, milliseconds) = (time.GetUtcNow().UtcDateTime, run.Time.TotalMilliseconds);
        var one = new RuleCount
        {
            Runs = 1,
            Refusals = run.IsRefusal ? 1 : 0,
            Failures = run.Failure is null ? 0 : 1,
            Slow = run.Time > RuleCounts.SlowAfter ? 1 : 0,
            TotalMilliseconds = milliseconds,
            LongestMilliseconds = milliseconds,
            LastRunAt = now,
            LastFailureAt = run.Failure is null ? null : now,
            LastFailure = run.Failure,
            LastFailureLine = run.Failure is null ? null : run.Line,
        };
        lock (_gate) _count = _count is { } known ? Sum(known, one) : one;
    }

    /// <summary>What was counted, and starts anew; null where nothing was.</summary>
    public RuleCount? Take()
    {
        lock (_gate)
        {
            var taken = _count;
            _count = null;
            return taken;
        }
    }

    /// <summary>Counts again what could not be stored.</summary>
    public void PutBack(RuleCount taken)
    {
        lock (_gate) _count = _count is { } newer ? Sum(taken, newer) : taken;
    }

    private static RuleCount Sum(RuleCount older, RuleCount newer)
    {
        var failed = newer.LastFailureAt is null ? older : newer;
        return new RuleCount
        {
            Runs = older.Runs + newer.Runs,
            Refusals = older.Refusals + newer.Refusals,
            Failures = older.Failures + newer.Failures,
            Slow = older.Slow + newer.Slow,
            TotalMilliseconds = older.TotalMilliseconds + newer.TotalMilliseconds,
            LongestMilliseconds = Math.Max(older.LongestMilliseconds, newer.LongestMilliseconds),
            LastRunAt = newer.LastRunAt,
            LastFailureAt = failed.LastFailureAt,
            LastFailure = failed.LastFailure,
            LastFailureLine = failed.LastFailureLine,
        };
    }
}
