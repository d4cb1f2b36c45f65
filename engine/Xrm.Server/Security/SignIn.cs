using System.Collections.Immutable;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>How far a sign-in has come.</summary>
/// <param name="User">The user.</param>
/// <param name="Session">Secret of the session; null where a second step is to come.</param>
/// <param name="Pending">Secret of the second step; null where there is none.</param>
/// <param name="Methods">What the second step can be: <c>code</c>, <c>recovery_code</c>, <c>passkey</c>.</param>
internal sealed record Entry(User User, string? Session, string? Pending, ImmutableArray<string> Methods)
{
    /// <summary>Name of the organisation of the session; null where there is none.</summary>
    public string? Organisation { get; init; }
}

/// <summary>Opens sessions for those who prove who they are, and changes passwords.</summary>
internal sealed class SignIn(UserStore users, Passwords passwords, SecondFactor secondFactor, Sessions sessions, TimeProvider time)
{
    /// <summary>Opens a session for a name and a password, or the second step where the user needs one.</summary>
    /// <exception cref="XrmException">401: one of them is wrong; 429: too many wrong passwords.</exception>
    public async Task<Entry> OpenAsync(string userName, string password, Visitor visitor, CancellationToken ct)
    {
        var user = await passwords.FindAsync(userName, password, ct);
        if (await secondFactor.MethodsAsync(user, ct) is { IsEmpty: false } methods)
            return new Entry(user, null, await secondFactor.BeginAsync(user, ct), methods);
        return await OpenAsync(user, hasSecondFactor: false, visitor, ct);
    }

    /// <summary>Opens the session whose password was right before.</summary>
    /// <param name="pending">Secret of the second step.</param>
    /// <param name="code">A code of the authenticator; null where a recovery code is given.</param>
    /// <param name="recoveryCode">A recovery code; null where a code is given.</param>
    /// <param name="visitor">The browser.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">401: the code is wrong, or the password has to be given again; 429: too many wrong codes.</exception>
    public async Task<Entry> FinishAsync(string? pending, string? code, string? recoveryCode, Visitor visitor, CancellationToken ct)
    {
        var user = await secondFactor.FinishAsync(pending, code, recoveryCode, ct);
        return await OpenAsync(user, hasSecondFactor: true, visitor, ct);
    }

    /// <summary>Opens a session for a user who was recognised otherwise: by a passkey, a link or another provider.</summary>
    /// <param name="user">The user.</param>
    /// <param name="hasSecondFactor">That counts as two factors.</param>
    /// <param name="visitor">The browser.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">401: the user may not sign in; 429: too many wrong passwords.</exception>
    public async Task<Entry> OpenAsync(User user, bool hasSecondFactor, Visitor visitor, CancellationToken ct)
    {
        if (!user.IsActive) throw new XrmException("sign_in_refused", 401, "This account is not active. Ask an administrator.");
        passwords.CheckLock(user);
        await users.ClearFailuresAsync(user.Id, ct);
        var (secret, organisation) = await sessions.OpenAsync(user.Id, hasSecondFactor, visitor, ct);
        return new Entry(user, secret, null, []) { Organisation = organisation };
    }

    /// <summary>Opens a session for a user for whom a provider vouches, or the second step where the user has set one up here and the provider has seen none.</summary>
    /// <param name="user">The user.</param>
    /// <param name="hasSecondFactor">The provider has seen two factors, and is trusted in it.</param>
    /// <param name="visitor">The browser.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">401: the user may not sign in; 429: too many wrong passwords.</exception>
    public async Task<Entry> OpenByProviderAsync(User user, bool hasSecondFactor, Visitor visitor, CancellationToken ct) =>
        user.IsActive && !hasSecondFactor && await secondFactor.MethodsAsync(user, ct) is { IsEmpty: false } methods
            ? new Entry(user, null, await secondFactor.BeginAsync(user, ct), methods)
            : await OpenAsync(user, hasSecondFactor, visitor, ct);

    /// <summary>Replaces the password; other sessions of the user end.</summary>
    /// <exception cref="XrmException">400: the current password is wrong or the new one is too weak.</exception>
    public async Task ChangePasswordAsync(Guid userId, string current, string next, Guid? keepSession, CancellationToken ct)
    {
        var user = await passwords.ConfirmAsync(userId, current, "current", ct);
        await passwords.SetAsync(user, next, "next", keepSession, ct);
        await sessions.EndAllAsync(userId, keepSession, ct);
    }

    /// <summary>Makes the first administrator where there is no user yet.</summary>
    /// <returns>The one-time password; null where there already are users.</returns>
    public async Task<string?> CreateFirstAdministratorAsync(CancellationToken ct)
    {
        if (await users.HasAnyAsync(ct)) return null;
        var password = Secrets.NewPassword();
        var administrator = new User(Guid.CreateVersion7(time.GetUtcNow()), "admin", "Administrator", null, passwords.HashNew(password), true, true, true, 0, null, passwords.OneTimeUntil());
        return await users.AddAsync(administrator, ct) ? password : null;
    }
}
