using Microsoft.AspNetCore.Identity;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>Checks and changes passwords, and opens sessions.</summary>
internal sealed class SignIn(UserStore users, SessionStore sessions, IPasswordHasher<User> hasher, TimeProvider time)
{
    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan SessionLength = TimeSpan.FromDays(14);

    /// <summary>Shortest password that is accepted, in characters (NIST SP 800-63B asks for at least 8; the screen says the same number).</summary>
    public const int ShortestPassword = 12;

    private const int LongestPassword = 200;
    private const int FailuresUntilLocked = 8;
    private static readonly TimeSpan LockLength = TimeSpan.FromMinutes(5);

    /// <summary>Opens a session for a name and a password.</summary>
    /// <returns>The user and the session's secret.</returns>
    /// <exception cref="XrmException">401: one of them is wrong; 429: too many wrong passwords.</exception>
    public async Task<(User User, string Secret)> OpenAsync(string userName, string password, string? userAgent, CancellationToken ct)
    {
        var user = password.Length > LongestPassword ? null : await users.FindByNameAsync(userName, ct);
        if (user?.PasswordHash is null || !user.IsActive)
        {
            // The same work as for a known name, so that the time does not tell which names exist.
            hasher.HashPassword(Nobody, "unknown");
            throw Refused();
        }
        if (user.LockedUntil - time.GetUtcNow().UtcDateTime is { } wait && wait > TimeSpan.Zero)
            throw new XrmException("sign_in_locked", 429, "Too many wrong passwords. Wait five minutes, then try again.") { RetryAfter = wait };
        if (hasher.VerifyHashedPassword(user, user.PasswordHash, password) == PasswordVerificationResult.Failed)
        {
            await users.CountFailureAsync(user.Id, FailuresUntilLocked, time.GetUtcNow().UtcDateTime + LockLength, ct);
            throw Refused();
        }
        await users.ClearFailuresAsync(user.Id, ct);
        return (user, await OpenSessionAsync(user.Id, userAgent, ct));
    }

    /// <summary>Replaces the password; other sessions of the user end.</summary>
    /// <exception cref="XrmException">400: the current password is wrong or the new one is too weak.</exception>
    public async Task ChangePasswordAsync(Guid userId, string current, string next, Guid? keepSession, CancellationToken ct)
    {
        var user = await users.FindAsync(userId, ct) ?? throw Refused();
        if (user.PasswordHash is null || current.Length > LongestPassword || hasher.VerifyHashedPassword(user, user.PasswordHash, current) == PasswordVerificationResult.Failed)
            throw XrmException.Invalid([new FieldError("current", "wrong_password", "This is not your current password.")]);
        CheckNewPassword(user, current, next);
        await users.SetPasswordAsync(userId, hasher.HashPassword(user, next), mustChange: false, keepSession, ct);
    }

    /// <summary>Makes the first administrator where there is no user yet.</summary>
    /// <returns>The one-time password; null where there already are users.</returns>
    public async Task<string?> CreateFirstAdministratorAsync(CancellationToken ct)
    {
        if (!(await users.ListAsync(ct)).IsEmpty) return null;
        var password = Secrets.NewPassword();
        var administrator = new User(Guid.CreateVersion7(time.GetUtcNow()), "admin", "Administrator", null, hasher.HashPassword(Nobody, password), true, true, true, 0, null);
        return await users.AddAsync(administrator, ct) ? password : null;
    }

    private static User Nobody { get; } = new(Guid.Empty, "", "", null, null, false, false, false, 0, null);

    private async Task<string> OpenSessionAsync(Guid userId, string? userAgent, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var secret = Secrets.NewSession();
        var shortAgent = userAgent is { Length: > 200 } ? userAgent[..200] : userAgent;
        await sessions.AddSessionAsync(Guid.CreateVersion7(now), Secrets.Hash(secret), userId, (now + SessionLength).UtcDateTime, shortAgent, ct);
        return secret;
    }

    private static void CheckNewPassword(User user, string current, string next)
    {
        var problem = next switch
        {
            { Length: < ShortestPassword } => $"Use at least {ShortestPassword} characters.",
            { Length: > LongestPassword } => $"Use at most {LongestPassword} characters.",
            _ when next == current => "Choose a password that you have not used before.",
            _ when next.Contains(user.UserName, StringComparison.OrdinalIgnoreCase) => "The password must not contain your user name.",
            _ when next.Distinct().Count() < 5 => "Use more different characters.",
            _ => null,
        };
        if (problem is not null) throw XrmException.Invalid([new FieldError("next", "weak_password", problem)]);
    }

    private static XrmException Refused() => new("sign_in_refused", 401, "The user name or the password is wrong.");
}
