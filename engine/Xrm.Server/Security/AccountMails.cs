using System.Globalization;
using Xrm.Data.Catalogue;
using Xrm.Data.Outbox;

namespace Xrm.Server.Security;

/// <summary>The mails about accounts, in English and German.</summary>
internal sealed class AccountMails(MailStore mails)
{
    /// <summary>Sends a link by which somebody who was invited chooses a password.</summary>
    public Task InviteAsync(string address, string name, string link, string inviter, int days, bool isGerman, CancellationToken ct) => isGerman
        ? mails.AddAsync(address, "Ihre Einladung zu Xrm", $"""
            Guten Tag {name},

            {inviter} hat Sie zu Xrm eingeladen. Wählen Sie hier ein Passwort:

            {link}

            Der Link gilt {days} Tage und nur einmal. Wenn Sie mit der Einladung nichts anfangen können, tun Sie nichts.
            """, ct)
        : mails.AddAsync(address, "Your invitation to Xrm", $"""
            Hello {name},

            {inviter} has invited you to Xrm. Choose a password here:

            {link}

            The link works once, within {days} days. If you did not expect it, do nothing.
            """, ct);

    /// <summary>Sends a link by which somebody who has forgotten the password chooses another.</summary>
    public Task ResetPasswordAsync(string address, string name, string link, int minutes, bool isGerman, CancellationToken ct) => isGerman
        ? mails.AddAsync(address, "Neues Passwort für Xrm", $"""
            Guten Tag {name},

            jemand, vermutlich Sie, möchte ein neues Passwort für Ihr Konto. Wählen Sie es hier:

            {link}

            Der Link gilt {minutes} Minuten und nur einmal. Wenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.
            """, ct)
        : mails.AddAsync(address, "A new password for Xrm", $"""
            Hello {name},

            somebody, probably you, wants a new password for your account. Choose it here:

            {link}

            The link works once, within {minutes} minutes. If this was not you, do nothing: your password stays as it is.
            """, ct);

    /// <summary>Sends a link that shows that the address is the user's.</summary>
    public Task ConfirmEmailAsync(string address, string name, string link, int hours, bool isGerman, CancellationToken ct) => isGerman
        ? mails.AddAsync(address, "Bestätigen Sie Ihre E-Mail-Adresse", $"""
            Guten Tag {name},

            bestätigen Sie hier, dass diese Adresse Ihnen gehört:

            {link}

            Der Link gilt {hours} Stunden und nur einmal. Wenn Sie das nicht waren, tun Sie nichts.
            """, ct)
        : mails.AddAsync(address, "Confirm your e-mail address", $"""
            Hello {name},

            confirm here that this address is yours:

            {link}

            The link works once, within {hours} hours. If this was not you, do nothing.
            """, ct);

    /// <summary>Tells the owner of an account of a change that only the owner should make.</summary>
    public Task TellAsync(string address, string name, AccountNews news, bool isGerman, CancellationToken ct)
    {
        var (english, german) = TextsOf(news);
        return isGerman
            ? mails.AddAsync(address, "Änderung an Ihrem Konto", $"Guten Tag {name},\n\n{german}\n\nWenn Sie das nicht waren, wenden Sie sich sofort an Ihre Administration.\n", ct)
            : mails.AddAsync(address, "A change to your account", $"Hello {name},\n\n{english}\n\nIf this was not you, tell your administrators at once.\n", ct);
    }

    /// <summary>The mail that tells the owner of an access token that it will expire.</summary>
    public static (string Subject, string Body) TokenExpires(ExpiringToken token)
    {
        var at = token.ExpiresAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
        return IsGerman(token.Language) == true
            ? ("Ein Zugriffstoken läuft ab", $"""
                Guten Tag {token.DisplayName},

                Ihr Zugriffstoken „{token.Name}“ gilt noch bis {at}. Programme, die es verwenden, kommen danach nicht mehr hinein.

                Wenn Sie es noch brauchen, legen Sie unter Mein Konto ein neues an und tragen Sie es in diesen Programmen ein.
                """)
            : ("An access token expires", $"""
                Hello {token.DisplayName},

                your access token "{token.Name}" is good until {at}. Programs that use it cannot come in after that.

                If you still need it, make a new one in My account and enter it in these programs.
                """);
    }

    /// <summary>True for German, false for another language; null where none is known.</summary>
    public static bool? IsGerman(string? language) => language is null ? null : language.StartsWith("de", StringComparison.OrdinalIgnoreCase);

    private static (string English, string German) TextsOf(AccountNews news) => news.Change switch
    {
        AccountChange.Password => ("The password of your account was changed. All other sessions have ended.", "Das Passwort Ihres Kontos wurde geändert. Alle anderen Sitzungen sind beendet."),
        AccountChange.Email => ("The e-mail address of your account was changed. Mails about it go to the new address from now on.", "Die E-Mail-Adresse Ihres Kontos wurde geändert. Mails dazu gehen ab jetzt an die neue Adresse."),
        AccountChange.SecondFactorOn => ("Two-step sign-in was set up for your account.", "Die Anmeldung in zwei Schritten wurde für Ihr Konto eingerichtet."),
        AccountChange.SecondFactorOff => ("Two-step sign-in was switched off for your account.", "Die Anmeldung in zwei Schritten wurde für Ihr Konto abgeschaltet."),
        AccountChange.SecondFactorsReset => ("An administrator has removed all second factors of your account: authenticator, recovery codes and passkeys. All sessions have ended.",
            "Die Administration hat alle zweiten Faktoren Ihres Kontos entfernt: Authenticator, Wiederherstellungscodes und Passkeys. Alle Sitzungen sind beendet."),
        AccountChange.RecoveryCodes => ("New recovery codes were made for your account. Earlier ones do not work any more.", "Für Ihr Konto wurden neue Wiederherstellungscodes erzeugt. Frühere gelten nicht mehr."),
        AccountChange.RecoveryCodeUsed => ("Somebody has signed in to your account with one of your recovery codes.", "Bei Ihrem Konto hat sich jemand mit einem Ihrer Wiederherstellungscodes angemeldet."),
        AccountChange.Passkey => ($"A passkey was added to your account: {news.Name}", $"Ihrem Konto wurde ein Passkey hinzugefügt: {news.Name}"),
        AccountChange.PasskeyOff => ($"A passkey was removed from your account: {news.Name}", $"Aus Ihrem Konto wurde ein Passkey entfernt: {news.Name}"),
        AccountChange.Identity => ("Your account can be signed in to by an account elsewhere from now on.", "Bei Ihrem Konto kann man sich ab jetzt auch mit einem Konto bei einem anderen Anbieter anmelden."),
        AccountChange.IdentityOff => ("An account elsewhere was disconnected: your account cannot be signed in to by it any more.", "Ein Konto bei einem anderen Anbieter wurde getrennt: Damit kann man sich bei Ihrem Konto nicht mehr anmelden."),
        _ => ($"An access token was made that acts for your account: {news.Name}", $"Es wurde ein Zugriffstoken angelegt, das für Ihr Konto handelt: {news.Name}"),
    };
}

/// <summary>What the owner of an account is told.</summary>
/// <param name="Change">What has changed.</param>
/// <param name="Name">Name of the passkey or token that it is about, one line; null for what has none.</param>
internal sealed record AccountNews(AccountChange Change, string? Name = null);

/// <summary>Changes that the owner of an account is told.</summary>
internal enum AccountChange
{
    /// <summary>Another password.</summary>
    Password,

    /// <summary>Another e-mail address.</summary>
    Email,

    /// <summary>An authenticator.</summary>
    SecondFactorOn,

    /// <summary>No authenticator any more.</summary>
    SecondFactorOff,

    /// <summary>No authenticator and no passkeys any more, by an administrator.</summary>
    SecondFactorsReset,

    /// <summary>Other recovery codes.</summary>
    RecoveryCodes,

    /// <summary>One recovery code less: somebody has signed in with it.</summary>
    RecoveryCodeUsed,

    /// <summary>One more passkey.</summary>
    Passkey,

    /// <summary>One passkey less.</summary>
    PasskeyOff,

    /// <summary>One more account elsewhere that signs in.</summary>
    Identity,

    /// <summary>One account elsewhere less.</summary>
    IdentityOff,

    /// <summary>One more access token.</summary>
    Token,
}
