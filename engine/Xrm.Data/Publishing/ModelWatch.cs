using Npgsql;
using Xrm.Data.Rules;

namespace Xrm.Data.Publishing;

/// <summary>Brings publishes of other processes, and rules that they switched off or on, into force here, by LISTEN; after a lost connection it asks for what it missed.</summary>
public sealed class ModelWatch(Database database, CurrentModel current, RuleSwitches switches)
{
    /// <summary>Channel on which a publish, and the switching of a rule, is announced; the payload is the organisation's schema.</summary>
    public const string Channel = "xrm_model";

    // A lost connection may look alive: ask from time to time, even when nothing was announced.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>Watches until the connection is lost or the token is cancelled; call it again after a loss. It never ends without an exception.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, whatever it was doing just then.</exception>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
        try
        {
            await WatchAsync(connection, ct);
        }
        finally
        {
            // Whoever gets the connection next does not listen.
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await using var unlisten = new NpgsqlCommand($"unlisten {Channel}", connection);
                await unlisten.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }

    private async Task WatchAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (await current.LoadAsync(ct)) database.Renew();
            await switches.LoadAsync(ct);
            await connection.WaitAsync(LongestSilence, ct);
        }
    }
}
