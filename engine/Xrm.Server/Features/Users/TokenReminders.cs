using Xrm.Data;
using Xrm.Data.Catalogue;
using Xrm.Data.Jobs;
using Xrm.Data.Outbox;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Users;

/// <summary>Writes to people whose access tokens expire within a week, once for each token.</summary>
internal sealed class TokenReminders(Database database, TokenStore tokens, MailStore mails, TimeProvider time)
{
    /// <summary>How long before its end a token is announced.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(7);

    private const int Most = 100;

    /// <summary>Writes all mails that are due.</summary>
    /// <param name="ct">Cancels it; what is written by then stays so.</param>
    public async Task RunAsync(CancellationToken ct)
    {
        while (await database.InTransactionAsync(async (transaction, ct) =>
        {
            var due = await tokens.TakeExpiringAsync(transaction, time.GetUtcNow().UtcDateTime, Ahead, Most, ct);
            foreach (var token in due)
            {
                var (subject, body) = AccountMails.TokenExpires(token);
                await mails.AddAsync(transaction, [token.Email], subject, body, ct);
            }
            return due.Length;
        }, null, ct) == Most)
        {
        }
    }
}

/// <summary>Does it once an hour, on one node.</summary>
internal sealed class TokenReminderService(TokenReminders reminders, RecurringWork recurring, TimeProvider time, ILogger<TokenReminderService> log) : BackgroundLoop(time, log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private TimeSpan _pause;

    protected override TimeSpan IdlePause => _pause;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        _pause = await recurring.RunIfDueAsync("token reminders", Interval, reminders.RunAsync, ct);
        return false;
    }
}
