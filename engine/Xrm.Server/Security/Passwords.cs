using Microsoft.AspNetCore.Identity;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>How long one-time passwords are good: that of the first administrator, and those that administrators hand over.</summary>
internal sealed record OneTimePasswords(TimeSpan Length);

/// <summary>Compares and sets passwords. Wrong ones lock an account for a while, wherever they are asked for.</summary>
internal sealed class Passwords(UserStore users, IPasswordHasher<User> hasher, CommonPasswords common, UnknownNames unknown, OneTimePasswords oneTime, TimeProvider time)
{
    /// <summary>Shortest password that is accepted, in characters (NIST SP 800-63B asks for at least 8; the screen says the same number).</summary>
    public const int Shortest = 12;

    private const int Longest = 200;
    private const int LongestName = 320;
    private const int FailuresUntilLocked = 8;
    private static readonly TimeSpan LockLength = TimeSpan.FromMinutes(5);

    private static User Nobody { get; } = new(Guid.Empty, "", "", null, null, false, false, false, 0, null);

    /// <summary>The user whose name and password these are. Wrong passwords from before are not forgotten yet: a second step may follow.</summary>
    /// <exception cref="XrmException">401: one of them is wrong; 429: too many wrong passwords.</exception>
    public async Task<User> FindAsync(string userName, string password, CancellationToken ct)
    {
        if (userName.Length > LongestName || password.Length > Longest) throw Refused();
        if (await users.FindByNameAsync(userName, ct) is { PasswordHash: not null, IsActive: true } user)
        {
            await VerifyAsync(user, password, Refused, ct);
            return user;
        }
        if (unknown.LockOf(userName) is { } wait) throw Locked(wait);
        unknown.CountFailure(userName, FailuresUntilLocked, LockLength);
        // The same work as for a known name, so that the time does not tell which names exist.
        hasher.HashPassword(Nobody, "unknown");
        throw Refused();
    }

    /// <summary>Makes sure that it is the user who asks for something that a stolen session must not do. Users without a password pass.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="password">The user's password.</param>
    /// <param name="field">Field of the request that has the password, for the error.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>The user.</returns>
    /// <exception cref="XrmException">400: the password is wrong; 429: too many wrong passwords.</exception>
    public async Task<User> ConfirmAsync(Guid userId, string password, string field, CancellationToken ct)
    {
        var user = await users.FindAsync(userId, ct) ?? throw new XrmException("not_signed_in", 401, "Sign in first.");
        if (user.PasswordHash is null) return user;
        await VerifyAsync(user, password, () => XrmException.Invalid([new FieldError(field, "wrong_password", "This is not your current password.")]), ct);
        await users.ClearFailuresAsync(user.Id, ct);
        return user;
    }

    /// <summary>Refuses a user who has given too many wrong passwords or codes.</summary>
    /// <exception cref="XrmException">429: the user is locked.</exception>
    public void CheckLock(User user)
    {
        if (user.LockedUntil - time.GetUtcNow().UtcDateTime is { } wait && wait > TimeSpan.Zero) throw Locked(wait);
    }

    /// <summary>Counts a wrong password or code and, from the limit on, locks the user for a while.</summary>
    public Task CountFailureAsync(Guid userId, CancellationToken ct) => users.CountFailureAsync(userId, FailuresUntilLocked, time.GetUtcNow().UtcDateTime + LockLength, ct);

    /// <summary>Stores a new password; all sessions of the user but one end.</summary>
    /// <param name="user">The user.</param>
    /// <param name="next">The new password.</param>
    /// <param name="field">Field of the request that has it, for the error.</param>
    /// <param name="keepSession">Session that goes on; null for none.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">400: it is too weak.</exception>
    public Task SetAsync(User user, string next, string field, Guid? keepSession, CancellationToken ct)
    {
        Check(user, next, field);
        return users.SetPasswordAsync(user.Id, hasher.HashPassword(user, next), null, keepSession, ct);
    }

    /// <summary>Replaces the password by a one-time password, which opens nothing but the change of password; all sessions end.</summary>
    /// <returns>The one-time password, and the UTC time until which it is good.</returns>
    public async Task<(string Password, DateTime ExpiresAt)> ResetAsync(User user, CancellationToken ct)
    {
        var (password, expiresAt) = (Secrets.NewPassword(), OneTimeUntil());
        await users.SetPasswordAsync(user.Id, hasher.HashPassword(user, password), expiresAt, null, ct);
        return (password, expiresAt);
    }

    /// <summary>UTC time until which a one-time password is good that is made now.</summary>
    public DateTime OneTimeUntil() => (time.GetUtcNow() + oneTime.Length).UtcDateTime;

    /// <summary>Hash of a one-time password for a user who is made with it.</summary>
    public string HashNew(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>Refuses weak passwords.</summary>
    /// <exception cref="XrmException">400: it is too weak.</exception>
    public void Check(User user, string next, string field)
    {
        var problem = next switch
        {
            { Length: < Shortest } => $"Use at least {Shortest} characters.",
            { Length: > Longest } => $"Use at most {Longest} characters.",
            _ when next.Contains(user.UserName, StringComparison.OrdinalIgnoreCase) => "The password must not contain your user name.",
            _ when user.PasswordHash is { } hash && hasher.VerifyHashedPassword(user, hash, next) != PasswordVerificationResult.Failed => "Choose a password that you have not used before.",
            _ when next.Distinct().Count() < 5 => "Use more different characters.",
            _ when common.Contains(next) => "This password is among those that attackers try first. Choose another one, such as several words that have nothing to do with each other.",
            _ => null,
        };
        if (problem is not null) throw XrmException.Invalid([new FieldError(field, "weak_password", problem)]);
    }

    private async Task VerifyAsync(User user, string password, Func<XrmException> refusal, CancellationToken ct)
    {
        CheckLock(user);
        if (password.Length <= Longest && hasher.VerifyHashedPassword(user, user.PasswordHash!, password) != PasswordVerificationResult.Failed)
        {
            // Whoever knows the password may know that it is too late; nobody else does.
            if (user.PasswordExpiresAt <= time.GetUtcNow().UtcDateTime) throw Expired(user);
            return;
        }
        await CountFailureAsync(user.Id, ct);
        throw refusal();
    }

    private static XrmException Locked(TimeSpan wait) => new("sign_in_locked", 429, "Too many wrong passwords. Wait five minutes, then try again.") { RetryAfter = wait };

    private static XrmException Expired(User user) => new("one_time_password_expired", 401,
        $"This one-time password has expired. Ask an administrator for a new one, or run: xrm user reset-password {user.UserName}");

    private static XrmException Refused() => new("sign_in_refused", 401, "The user name or the password is wrong.");
}
