using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Jobs;
using Xrm.Data.Records;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Commands;

/// <summary><c>xrm keys rotate</c>: replaces the keys that encrypt secrets.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var rotate = new Command("rotate", "Make a new key for secrets, encrypt all keys by the first master key, and let the server encrypt stored secrets anew in the background.");
        var all = new Option<bool>("--all") { Description = "Encrypt the secrets of all organisations anew, not only of one" };
        rotate.Options.Add(all);
        var connection = new ConnectionOptions(rotate);
        rotate.SetAction((parsed, ct) => RunAsync(connection.Read(parsed), parsed.GetValue(all), ct));
        return new Command("keys", "The keys that encrypt secrets.") { rotate };
    }

    private static async Task<int> RunAsync(ConnectionSettings settings, bool isForAll, CancellationToken ct)
    {
        if (isForAll && settings.Organisation is not null) throw new CommandFailedException(ExitCodes.Usage, "--all and --organisation exclude each other.");
        await using var session = await EngineSession.OpenAsync(settings, ct);
        // The keys are those of the installation: they are replaced once, whatever the number of organisations.
        var (masters, secrets) = await RotateAsync(session.Get<SecretProtection>(), session.Get<RecordSecrets>(), (session.Get<Database>(), session.Get<JobStore>(), session.Get<AuditLog>(), session.Get<TimeProvider>()), ct);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"A new key is in force. {masters:N0} keys were encrypted by a new master key; the server encrypts {secrets:N0} secrets anew."));
        if (!isForAll) return ExitCodes.Ok;
        await foreach (var (name, other) in session.OthersAsync(ct))
        {
            var own = await ReencryptAsync(other.GetRequiredService<SecretProtection>(), other.GetRequiredService<RecordSecrets>(),
                (other.GetRequiredService<Database>(), other.GetRequiredService<JobStore>(), other.GetRequiredService<AuditLog>(), session.Get<TimeProvider>()), masters, ct);
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}: the server encrypts {own:N0} secrets anew."));
        }
        return ExitCodes.Ok;
    }

    /// <summary>Replaces the keys.</summary>
    /// <returns>Keys that the first master key has encrypted anew; secrets that a job will encrypt anew.</returns>
    internal static async Task<(int Masters, long Secrets)> RotateAsync(SecretProtection protection, RecordSecrets secrets, (Database Database, JobStore Jobs, AuditLog Audit, TimeProvider Time) services, CancellationToken ct)
    {
        var masters = await protection.ReplaceMasterAsync(ct);
        protection.Rotate();
        return (masters, await ReencryptAsync(protection, secrets, services, masters, ct));
    }

    /// <summary>Adds a job that encrypts the secrets of an organisation by the key in force, and tells its audit.</summary>
    /// <returns>Secrets that the job will encrypt anew.</returns>
    private static async Task<long> ReencryptAsync(SecretProtection protection, RecordSecrets secrets, (Database Database, JobStore Jobs, AuditLog Audit, TimeProvider Time) services, int masters, CancellationToken ct)
    {
        var waiting = await secrets.CountOthersAsync(protection.CurrentKey, ct);
        var now = services.Time.GetUtcNow().UtcDateTime;
        var job = new Job(Guid.CreateVersion7(), Job.Reencrypt, "", "", null, Caller.System.UserId, null, "en", "waiting", waiting, 0, 0, null, now, null, null, 0, null, null);
        await services.Database.InTransactionAsync(async (transaction, ct) =>
        {
            await services.Jobs.AddAsync(transaction, job, ct);
            await services.Audit.NoteAsync(transaction, new AuditEvent(now, AuditOperations.KeysRotated, null, AuditSources.System, null, JsonSerializer.Serialize(new { masters, secrets = waiting })), ct);
            return true;
        }, null, ct);
        return waiting;
    }
}
