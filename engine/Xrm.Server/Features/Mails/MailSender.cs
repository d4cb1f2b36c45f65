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
    private const int MailsAtATime = 10;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    protected override TimeSpan IdlePause => settings.Host is null ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(2);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        if (settings.Host is null) return false;
        var due = await mails.TakeAsync(MailsAtATime, Lease, ct);
        foreach (var mail in due) await SendAsync(mail, ct);
        return due.Length == MailsAtATime;
    }

    private async Task SendAsync(Mail mail, CancellationToken ct)
    {
        try
        {
            using var message = new MailMessage { From = new MailAddress(settings.From), Subject = mail.Subject, Body = mail.Body };
            foreach (var recipient in mail.Recipients) message.To.Add(recipient);
            message.Headers.Add("X-Xrm-Mail-Id", mail.Id.ToString());
            using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.UseTls };
            if (settings.UserName is { Length: > 0 } name) client.Credentials = new System.Net.NetworkCredential(name, settings.Password);
            await client.SendMailAsync(message, ct);
            await mails.SentAsync(mail.Id, ct);
        }
        catch (Exception exception) when (exception is SmtpException or FormatException or IOException)
        {
            log.LogWarning("Mail {Mail} was not sent (try {Try}): {Error}", mail.Id, mail.Attempts, exception.Message);
            await mails.FailedAsync(mail.Id, exception.Message, exception is FormatException ? null : RetrySchedule.PauseAfter(mail.Attempts), ct);
        }
    }
}
