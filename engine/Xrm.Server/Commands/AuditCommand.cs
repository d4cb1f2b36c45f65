using System.CommandLine;
using System.Globalization;
using Xrm.Data.Auditing;

namespace Xrm.Server.Commands;

/// <summary><c>xrm audit verify</c>: proves that nobody has tampered with the audit.</summary>
internal static class AuditCommand
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var verify = new Command("verify", "Prove the chain of the audit: every entry is as it was sealed, none is missing, none was put in. Exit code 1 where one is not.");
        var head = new Option<string?>("--head")
        {
            Description = "Hash that an earlier proof has printed and that was kept elsewhere: shows a chain that was written anew, or cut off",
            HelpName = "HASH",
        };
        verify.Options.Add(head);
        var connection = new ConnectionOptions(verify);
        verify.SetAction((parsed, ct) => RunAsync(parsed.GetValue(head), connection.Read(parsed), ct));
        return new Command("audit", "The audit: who changed what, and the proof that it is unchanged.") { verify };
    }

    private static async Task<int> RunAsync(string? head, ConnectionSettings settings, CancellationToken ct)
    {
        await using var session = await EngineSession.OpenAsync(settings, ct);
        var time = session.Get<TimeProvider>();
        var told = time.GetTimestamp();
        var report = await session.Get<AuditVerifier>().VerifyAsync(head, (done, total) =>
        {
            if (time.GetElapsedTime(told) < BetweenLines) return;
            told = time.GetTimestamp();
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {total:N0} entries proved ..."));
        }, ct);
        foreach (var line in Lines(report)) await Console.Out.WriteLineAsync(line);
        return report.IsIntact ? ExitCodes.Ok : ExitCodes.Failed;
    }

    /// <summary>The report for people.</summary>
    internal static IEnumerable<string> Lines(AuditReport report)
    {
        foreach (var finding in report.Findings) yield return $"TAMPERED  {finding.Message}";
        if (report.Found > report.Findings.Length) yield return string.Create(CultureInfo.InvariantCulture, $"TAMPERED  and {report.Found - report.Findings.Length:N0} more");
        foreach (var (entity, count) in report.Expired) yield return string.Create(CultureInfo.InvariantCulture, $"expired   {count:N0} entries about {entity} went after their time");
        if (report.Erased > 0) yield return string.Create(CultureInfo.InvariantCulture, $"erased    {report.Erased:N0} entries tell no values any more: those whom they were about were erased");
        if (report.Unsealed > 0) yield return string.Create(CultureInfo.InvariantCulture, $"new       {report.Unsealed:N0} entries are too new to be sealed");
        yield return report.Head is null ? $"{report.Organisation}: nothing is sealed yet."
            : string.Create(CultureInfo.InvariantCulture, $"{report.Organisation}: {report.Entries:N0} entries in {report.Seals:N0} seals up to {report.SealedAt:yyyy-MM-dd HH:mm:ss}Z {(report.IsIntact ? "are as they were sealed" : $"do NOT fit in {report.Found:N0} places")}.");
        if (report.Head is { } hash) yield return $"head      {hash}";
    }
}
