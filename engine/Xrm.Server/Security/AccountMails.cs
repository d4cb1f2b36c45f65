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
    public Task TellAsync(string address, string name, AccountChange change, bool isGerman, CancellationToken ct)
    {
        var (english, german) = change switch
        {
            AccountChange.Password => ("The password of your account was changed. All other sessions have ended.", "Das Passwort Ihres Kontos wurde geändert. Alle anderen Sitzungen sind beendet."),
            AccountChange.SecondFactorOff => ("Two-step sign-in was switched off for your account.", "Die Anmeldung in zwei Schritten wurde für Ihr Konto abgeschaltet."),
            AccountChange.Identity => ("Your account can be signed in to by an account elsewhere from now on.", "Bei Ihrem Konto kann man sich ab jetzt auch mit einem Konto bei einem anderen Anbieter anmelden."),
            _ => ("A passkey was added to your account.", "Ihrem Konto wurde ein Passkey hinzugefügt."),
        };
        return isGerman
            ? mails.AddAsync(address, "Änderung an Ihrem Konto", $"Guten Tag {name},\n\n{german}\n\nWenn Sie das nicht waren, wenden Sie sich sofort an Ihre Administration.\n", ct)
            : mails.AddAsync(address, "A change to your account", $"Hello {name},\n\n{english}\n\nIf this was not you, tell your administrators at once.\n", ct);
    }
}

/// <summary>Changes that the owner of an account is told.</summary>
internal enum AccountChange
{
    /// <summary>Another password.</summary>
    Password,

    /// <summary>No authenticator any more.</summary>
    SecondFactorOff,

    /// <summary>One more passkey.</summary>
    Passkey,

    /// <summary>One more account elsewhere that signs in.</summary>
    Identity,
}
