using System.Collections.Frozen;
using Dapper;
using Npgsql;
using Xrm.Data.Publishing;

namespace Xrm.Data.Rules;

/// <summary>
/// Rules, actions, schedules and scripts of forms that administrators have switched off, in force on every node at once and without a publish. Which these are is known in memory; who did it
/// and why is kept for ever.
/// </summary>
public sealed class RuleSwitches(Database database)
{
    private readonly string _table = $"\"{database.Schema}\"._rule_switch";
    private readonly Lock _swap = new();
    private Known? _known;

    /// <summary>What is switched off. Waits only until they are known for the first time.</summary>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached.</exception>
    public ValueTask<FrozenSet<RuleKey>> OffAsync(CancellationToken ct) =>
        Volatile.Read(ref _known) is { } known ? new(known.Off) : new(LoadAsync(ct));

    /// <summary>Grows with each switch that this node has heard of.</summary>
    public long Stamp => Volatile.Read(ref _known)?.Stamp ?? 0;

    /// <summary>Learns what was switched since.</summary>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached.</exception>
    public async Task<FrozenSet<RuleKey>> LoadAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = (await connection.QueryAsync<(long Id, string Kind, string Entity, string Rule, bool IsOff)>(new CommandDefinition(
            $"select distinct on (kind, entity, rule) id, kind, entity, rule, is_off from {_table} order by kind, entity, rule, id desc", cancellationToken: ct))).AsList();
        var found = new Known(rows.Select(row => row.Id).DefaultIfEmpty().Max(), rows.Where(row => row.IsOff).Select(row => new RuleKey(row.Kind, row.Entity, row.Rule)).ToFrozenSet());
        lock (_swap)
        {
            // Two loads may end in the wrong order.
            if (_known is not { } present || present.Stamp <= found.Stamp) Volatile.Write(ref _known, found);
            return _known!.Off;
        }
    }

    /// <summary>Switches a rule off or on, here at once and on other nodes as soon as they hear of it.</summary>
    /// <param name="change">The rule, and who wants it so.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task SwitchAsync(RuleSwitch change, CancellationToken ct)
    {
        await using (var connection = await database.OpenAsync(ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            // One at a time, so that the numbers of the rows are their order for those who read.
            await ExecuteAsync(transaction, $"lock table {_table} in share row exclusive mode", null, ct);
            await ExecuteAsync(transaction, $"insert into {_table} (kind, entity, rule, is_off, reason, user_id) values (@Kind, @Entity, @Rule, @IsOff, @Reason, @UserId)", change, ct);
            await ExecuteAsync(transaction, "select pg_notify(@Channel, @Schema)", new { ModelWatch.Channel, database.Schema }, ct);
            await transaction.CommitAsync(ct);
        }
        await LoadAsync(ct);
    }

    /// <summary>What was switched, the newest first.</summary>
    /// <param name="latestOnly">Only how each rule is now.</param>
    /// <param name="ct">Cancels the call.</param>
    public async Task<IReadOnlyList<RuleSwitch>> ListAsync(bool latestOnly, CancellationToken ct)
    {
        var rows = latestOnly ? $"(select distinct on (kind, entity, rule) * from {_table} order by kind, entity, rule, id desc)" : $"(select * from {_table} order by id desc limit 1000)";
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<RuleSwitch>(new CommandDefinition($"""
            select s.kind, s.entity, s.rule, s.is_off as IsOff, s.reason, s.user_id as UserId, u.display_name as UserName, s.at
            from {rows} s left join xrm."user" u on u.id = s.user_id order by s.id desc
            """, cancellationToken: ct))).AsList();
    }

    private static Task ExecuteAsync(NpgsqlTransaction transaction, string text, object? arguments, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(text, arguments, transaction, cancellationToken: ct));

    private sealed record Known(long Stamp, FrozenSet<RuleKey> Off);
}

/// <summary>A rule was switched off or on.</summary>
public sealed record RuleSwitch
{
    /// <summary>Kind of what was switched, as in <see cref="RuleKey"/>.</summary>
    public string Kind { get; init; } = RuleKey.OfRules;

    /// <summary>Name of the entity; empty for none.</summary>
    public required string Entity { get; init; }

    /// <summary>Name of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>What was switched.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public RuleKey Key => new(Kind, Entity, Rule);

    /// <summary>Switched off; otherwise on.</summary>
    public required bool IsOff { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who did it.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What people call who did it; null where the user is gone.</summary>
    public string? UserName { get; init; }

    /// <summary>UTC time.</summary>
    public DateTime At { get; init; }
}
