using Xrm.Data.Rules;

namespace Xrm.Data.Publishing;

/// <summary>Brings publishes of other processes, and rules that they switched off or on, into force here, as soon as they are announced.</summary>
public sealed class ModelWatch(Announcements announcements, Database database, CurrentModel current, RuleSwitches switches)
{
    /// <summary>Channel on which a publish, and the switching of a rule, is announced; the payload is the organisation's schema.</summary>
    public const string Channel = Announcements.Channel;

    // Announcements are lost with their connection, which may look alive: ask from time to time, even when nothing was announced.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>Watches until the token is cancelled; call it again after a failure. It never ends without an exception.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, whatever it was doing just then.</exception>
    /// <exception cref="Errors.XrmException">503: the database cannot be reached.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var next = announcements.NextOf(database.Schema);
            if (await current.LoadAsync(ct)) database.Renew();
            await switches.LoadAsync(ct);
            await next.WaitAsync(LongestSilence, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
