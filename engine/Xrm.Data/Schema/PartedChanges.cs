using Npgsql;

namespace Xrm.Data.Schema;

/// <summary>Carries out a plan whose steps come in parts: before, within and after the transaction of a publish.</summary>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="changes">The steps of the plan, in order.</param>
internal sealed class PartedChanges(string schema, IReadOnlyCollection<SchemaChange> changes)
{
    /// <summary>The table is free before the disk has it: no later commit, such as that of the publish, is there without this one.</summary>
    private const string CommitAtOnce = "set local synchronous_commit = off";

    private readonly ShortLocks _locks = new(schema);
    private readonly HashSet<string> _new = [.. changes.Where(change => change.Kind == ChangeKind.CreateTable).Select(change => change.Table)];

    private IEnumerable<SchemaChange> Now => changes.Where(change => !change.IsDeferred);

    /// <summary>Makes what the new model needs besides: each table in a transaction of its own, so that none is held while another is waited for.</summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="progress">Told where it takes longer.</param>
    /// <param name="ct">Cancels the work; what was made is detached.</param>
    public async Task PrepareAsync(NpgsqlConnection connection, Action<string> progress, CancellationToken ct)
    {
        // Nobody waits for tables that are new, and they come first, in the order of the plan.
        foreach (var change in Now.Where(change => change.Kind is ChangeKind.Clear)) await RunAsync(connection, ShortLocks.Many, [change], change.Parts!.Before, progress, ct);
        var tables = Now.Where(change => change.Kind is ChangeKind.CreateTable).ToList();
        await RunAsync(connection, ShortLocks.Many, tables, [.. tables.SelectMany(change => change.Parts!.Before)], progress, ct);
        foreach (var change in Now.Where(change => change.Kind is not (ChangeKind.Clear or ChangeKind.CreateTable))) await RunAsync(connection, ShortLocks.Many, [change], change.Parts!.Before, progress, ct);
    }

    /// <summary>What belongs into the transaction of the publish.</summary>
    public Task ApplyAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        var within = Now.Where(change => !change.Parts!.Within.IsEmpty).ToList();
        return _locks.ChangeAsync(transaction, Tables(within, known: []), [.. within.SelectMany(change => change.Parts!.Within)], ct);
    }

    /// <summary>Removes what only the former model used.</summary>
    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="progress">Told where it takes longer.</param>
    /// <param name="ct">Cancels the work; nothing is wrong without it.</param>
    public async Task FinishAsync(NpgsqlConnection connection, Action<string> progress, CancellationToken ct)
    {
        foreach (var change in Now) await RunAsync(connection, ShortLocks.Few, [change], change.Parts!.After, progress, ct);
    }

    private async Task RunAsync(NpgsqlConnection connection, int attempts, IReadOnlyCollection<SchemaChange> of, IReadOnlyCollection<string> statements, Action<string> progress, CancellationToken ct)
    {
        if (statements.Count == 0) return;
        await ShortLocks.RunAsync(connection, attempts, async (transaction, ct) =>
        {
            await _locks.ChangeAsync(transaction, Tables(of.Where(change => change.Kind != ChangeKind.CreateTable), _new), [CommitAtOnce, .. statements], ct);
            await transaction.CommitAsync(ct);
            return true;
        }, progress, ct);
    }

    private static List<string> Tables(IEnumerable<SchemaChange> of, HashSet<string> known) =>
        [.. of.SelectMany(change => new[] { change.Table, change.Parts!.OtherTable }).OfType<string>().Where(table => !known.Contains(table)).Distinct().Order(StringComparer.Ordinal)];
}
