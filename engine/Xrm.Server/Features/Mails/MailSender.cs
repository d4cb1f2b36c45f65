using System.Net.Mail;
using Xrm.Data.Outbox;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Mails;

/// <summary>Where outgoing mail goes.</summary>
internal sealed record MailSettings
{
    /// <summary>SMTP server; null where none is configured: then mails stay in the outbox, where administrators see them.</summary>
    public string? Host { get; init; }

    /// <summary>Port of the server.</summary>
    public int Port { get; init; } = 587;

    /// <summary>Encrypt the connection by STARTTLS.</summary>
    public bool UseTls { get; init; } = true;

    /// <summary>Name to sign in with; null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password to sign in with.</summary>
    public string? Password { get; init; }

    /// <summary>Address that mails come from.</summary>
    public string From { get; init; } = "xrm@localhost";

    /// <summary>Settings from the environment: <c>XRM_SMTP_HOST</c>, <c>_PORT</c>, <c>_TLS</c>, <c>_USER</c>, <c>_PASSWORD</c>, <c>_FROM</c>.</summary>
    public static MailSettings Read(IConfiguration configuration) => new()
    {
        Host = configuration["XRM_SMTP_HOST"] is { Length: > 0 } host ? host : null,
        Port = configuration.GetValue("XRM_SMTP_PORT", 587),
        UseTls = configuration.GetValue("XRM_SMTP_TLS", true),
        UserName = configuration["XRM_SMTP_USER"],
        Password = configuration["XRM_SMTP_PASSWORD"],
        From = configuration["XRM_SMTP_FROM"] ?? "xrm@localhost",
    };
}

/// <summary>Sends the mails of the outbox by SMTP.</summary>
internal sealed class MailSender(MailStore mails, MailSettings settings, TimeProvider time, ILogger<MailSender> log) : BackgroundLoop(time, log)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    // Longer than the time limit: a mail that is still under way must not be taken by another node.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    protected override TimeSpan IdlePause => settings.Host is null ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(2);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        if (settings.Host is null || await mails.TakeAsync(Lease, ct) is not { } mail) return false;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(TimeLimit);
            await SendAsync(mail, limit.Token);
            await mails.SentAsync(mail.Id, ct);
        }
        catch (SmtpFailedRecipientException refused)
        {
            await RefusedAsync(mail, refused is SmtpFailedRecipientsException several ? several.InnerExceptions : [refused], ct);
        }
        catch (Exception exception) when (exception is SmtpException or FormatException or ArgumentException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            var isFinal = exception is FormatException or ArgumentException || exception is SmtpException { StatusCode: var status } && IsFinal(status);
            var error = exception is OperationCanceledException ? $"{settings.Host} did not take it within {TimeLimit.TotalSeconds} s." : Message(exception);
            await FailedAsync(mail, error, isFinal, ct);
        }
        return true;
    }

    private async Task SendAsync(Mail mail, CancellationToken ct)
    {
        using var message = new MailMessage { From = new MailAddress(settings.From), Subject = mail.Subject, Body = mail.Body };
        foreach (var recipient in mail.Recipients) message.To.Add(new MailAddress(recipient));
        message.Headers.Add("X-Xrm-Mail-Id", mail.Id.ToString());
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.UseTls };
        if (settings.UserName is { Length: > 0 } name) client.Credentials = new System.Net.NetworkCredential(name, settings.Password);
        await client.SendMailAsync(message, ct);
    }

    /// <summary>Some were refused; all the others have the mail, and must not get it again.</summary>
    private async Task RefusedAsync(Mail mail, IReadOnlyList<SmtpFailedRecipientException> refusals, CancellationToken ct)
    {
        var refused = refusals.Select(refusal => new Refusal(Recipient(mail, refusal), Message(refusal), IsFinal(refusal.StatusCode))).ToList();
        var hasSome = refused.Count < mail.Recipients.Length;
        foreach (var group in refused.GroupBy(refusal => refusal.IsFinal).Skip(hasSome ? 0 : 1))
        {
            log.LogWarning("Mail {Mail} was not sent to some (try {Try}): {Error}", mail.Id, mail.Attempts, Reasons(group));
            await mails.SplitAsync(mail.Id, [.. group.Select(refusal => refusal.Recipient)], Reasons(group), PauseAfter(mail, group.Key), ct);
        }
        if (hasSome) await mails.SentAsync(mail.Id, ct);
        else await FailedAsync(mail, Reasons(refused.Where(refusal => refusal.IsFinal == refused[0].IsFinal)), refused[0].IsFinal, ct);
    }

    private Task FailedAsync(Mail mail, string error, bool isFinal, CancellationToken ct)
    {
        log.LogWarning("Mail {Mail} was not sent (try {Try}): {Error}", mail.Id, mail.Attempts, error);
        return mails.FailedAsync(mail.Id, error, PauseAfter(mail, isFinal), ct);
    }

    private static TimeSpan? PauseAfter(Mail mail, bool isFinal) => isFinal ? null : RetrySchedule.PauseAfter(mail.Attempts);

    private static string Reasons(IEnumerable<Refusal> refusals) => string.Join(' ', refusals.Select(refusal => $"{refusal.Recipient}: {refusal.Reason}"));

    // The exception has the address in angle brackets, and without a name.
    private static string Recipient(Mail mail, SmtpFailedRecipientException refusal) =>
        mail.Recipients.First(recipient => new MailAddress(recipient).Address.Equals(refusal.FailedRecipient?.Trim('<', '>'), StringComparison.OrdinalIgnoreCase));

    private static string Message(Exception exception) => exception is { InnerException: { } inner } ? $"{exception.Message} {inner.Message}" : exception.Message;

    // What the server says of this mail. A wrong password, too, has a 5xx code, but says nothing of the mail, which can be sent once it is put right.
    private static bool IsFinal(SmtpStatusCode status) => (int)status is >= 550 and <= 554;

    private sealed record Refusal(string Recipient, string Reason, bool IsFinal);
}
