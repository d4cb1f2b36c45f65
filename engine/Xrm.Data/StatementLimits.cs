using Npgsql;

namespace Xrm.Data;

/// <summary>How long the database may take over a statement, by who waits for it. Zero is no limit.</summary>
public sealed record StatementLimits
{
    /// <summary>For people, who work with a session.</summary>
    public TimeSpan People { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For services, which send an access token.</summary>
    public TimeSpan Services { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For administrators, with a session or a token.</summary>
    public TimeSpan Administrators { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For what nobody waits for: jobs, publishes, clean-ups.</summary>
    public TimeSpan Background { get; init; }

    /// <summary>The longest of those for requests; zero where one of them has no limit.</summary>
    public TimeSpan Requests => People == TimeSpan.Zero || Services == TimeSpan.Zero || Administrators == TimeSpan.Zero
        ? TimeSpan.Zero : new[] { People, Services, Administrators }.Max();
}

/// <summary>Limits commands, so that PostgreSQL is told to cancel what takes longer. Costs no round trip.</summary>
internal static class StatementLimit
{
    /// <summary>The same command with the limit.</summary>
    /// <param name="command">The command.</param>
    /// <param name="limit">Longest time until the next part of the answer; zero for none; null for that of the connection.</param>
    public static NpgsqlCommand Within(this NpgsqlCommand command, TimeSpan? limit)
    {
        if (limit is { } known) command.CommandTimeout = Seconds(known);
        return command;
    }

    /// <summary>The same batch with the limit.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="limit">Longest time until the next part of the answer; zero for none; null for that of the connection.</param>
    public static NpgsqlBatch Within(this NpgsqlBatch batch, TimeSpan? limit)
    {
        if (limit is { } known) batch.Timeout = Seconds(known);
        return batch;
    }

    /// <summary>Whole seconds, of which the driver takes no parts.</summary>
    public static int Seconds(TimeSpan limit) => (int)Math.Ceiling(limit.TotalSeconds);
}
