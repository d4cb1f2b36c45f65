using System.Collections.Immutable;
using Microsoft.AspNetCore.Identity;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Security;

/// <summary>An authenticator to be.</summary>
/// <param name="Key">The key that it shares with the server, in base 32.</param>
/// <param name="Uri">The same as the address that a QR code holds.</param>
internal sealed record AuthenticatorSetup(string Key, string Uri);

/// <summary>Codes of authenticators (RFC 6238) and recovery codes: how they are set up, and the second step of a sign-in.</summary>
internal sealed class SecondFactor(AuthenticatorStore store, AuthenticatorKeys keys, UserStore users, UserManager<User> manager, Passwords passwords, SecondStepRules rules)
{
    private const int RecoveryCodes = 10;
    private const int CodeLength = 6;
    private const int LongestCode = 40;
    private const string Issuer = "Xrm";

    private readonly AuthenticatorTokenProvider<User> _provider = new();

    /// <summary>The second factors of a user.</summary>
    public Task<SecondFactors> FindAsync(Guid userId, CancellationToken ct) => store.FindAsync(userId, ct);

    /// <summary>What the second step of that user can be; empty where there is none.</summary>
    public async Task<ImmutableArray<string>> MethodsAsync(User user, CancellationToken ct) => rules.Methods(user, await store.FindAsync(user.Id, ct));

    /// <summary>Begins the second step, for somebody whose password was right.</summary>
    /// <returns>Its secret.</returns>
    public Task<string> BeginAsync(User user, CancellationToken ct) => rules.IssueAsync(user, ct);

    /// <summary>Whose second step it is; null where it has ended or expired.</summary>
    public async Task<User?> FindPendingAsync(string? pending, CancellationToken ct) => await rules.FindAsync(pending, ct) is { UserId: { } userId } ? await users.FindAsync(userId, ct) : null;

    /// <summary>Ends the second step. Wrong codes count like wrong passwords.</summary>
    /// <returns>The user.</returns>
    /// <exception cref="XrmException">401: the code is wrong, or the password has to be given again; 429: too many wrong codes.</exception>
    public async Task<User> FinishAsync(string? pending, string? code, string? recoveryCode, CancellationToken ct)
    {
        if (await rules.TryAsync(pending, ct) is not { UserId: { } userId } ticket || await users.FindAsync(userId, ct) is not { IsActive: true } user)
            throw new XrmException("second_step_expired", 401, "Enter your user name and your password again.");
        passwords.CheckLock(user);
        var isRight = recoveryCode is not null ? await TakeRecoveryCodeAsync(user, recoveryCode, ct) : await TakeCodeAsync(user, code ?? "", ct);
        if (!isRight)
        {
            await passwords.CountFailureAsync(user.Id, ct);
            throw new XrmException("wrong_code", 401, "This code is wrong, has expired or was used already.");
        }
        return await rules.EndAsync(ticket, ct) ? user : throw new XrmException("second_step_expired", 401, "Enter your user name and your password again.");
    }

    /// <summary>Gives the user a key for an authenticator, which is not asked for before it is confirmed.</summary>
    /// <exception cref="XrmException">400: the password is wrong; 409: there is an authenticator already.</exception>
    public async Task<AuthenticatorSetup> SetUpAsync(Guid userId, string password, CancellationToken ct)
    {
        var user = await passwords.ConfirmAsync(userId, password, "password", ct);
        var key = manager.GenerateNewAuthenticatorKey();
        if (!await keys.SetAsync(userId, key, ct)) throw AlreadyThere();
        var uri = $"otpauth://totp/{Uri.EscapeDataString(Issuer)}:{Uri.EscapeDataString(user.UserName)}?secret={key}&issuer={Uri.EscapeDataString(Issuer)}&digits={CodeLength}";
        return new AuthenticatorSetup(key, uri);
    }

    /// <summary>Confirms the authenticator with a code of it.</summary>
    /// <returns>Recovery codes, which are shown once.</returns>
    /// <exception cref="XrmException">400: the code is wrong; 409: there is an authenticator already.</exception>
    public async Task<ImmutableArray<string>> ConfirmAsync(Guid userId, string code, CancellationToken ct)
    {
        var user = await users.FindAsync(userId, ct) ?? throw new XrmException("not_signed_in", 401, "Sign in first.");
        if ((await store.FindAsync(userId, ct)).IsConfirmed) throw AlreadyThere();
        passwords.CheckLock(user);
        if (!await TakeCodeAsync(user, code, ct))
        {
            await passwords.CountFailureAsync(userId, ct);
            throw XrmException.Invalid([new FieldError("code", "wrong_code", "This code is wrong, has expired or was used already. Check that the clock of your device is right.")]);
        }
        await users.ClearFailuresAsync(userId, ct);
        var codes = NewRecoveryCodes();
        return await store.ConfirmAsync(userId, Hashes(userId, codes), ct) ? codes : throw AlreadyThere();
    }

    /// <summary>Replaces the recovery codes.</summary>
    /// <returns>The new ones, which are shown once.</returns>
    /// <exception cref="XrmException">400: the password is wrong; 409: there is no authenticator.</exception>
    public async Task<ImmutableArray<string>> RenewRecoveryCodesAsync(Guid userId, string password, CancellationToken ct)
    {
        await passwords.ConfirmAsync(userId, password, "password", ct);
        if (!(await store.FindAsync(userId, ct)).IsConfirmed) throw new XrmException("no_authenticator", 409, "Set up an authenticator first.");
        var codes = NewRecoveryCodes();
        await store.ReplaceRecoveryCodesAsync(userId, Hashes(userId, codes), ct);
        return codes;
    }

    /// <summary>Removes the authenticator and the recovery codes.</summary>
    /// <returns>False where there was no authenticator that was asked for.</returns>
    /// <exception cref="XrmException">400: the password is wrong.</exception>
    public async Task<bool> RemoveAsync(Guid userId, string password, CancellationToken ct)
    {
        await passwords.ConfirmAsync(userId, password, "password", ct);
        var before = await store.FindAsync(userId, ct);
        await store.RemoveAsync(userId, ct);
        return before.IsConfirmed;
    }

    /// <summary>Removes all second factors of somebody who has lost them.</summary>
    /// <returns>What there was.</returns>
    public async Task<SecondFactors> ResetAsync(Guid userId, CancellationToken ct)
    {
        var before = await store.FindAsync(userId, ct);
        await store.RemoveAllAsync(userId, ct);
        return before;
    }

    private async Task<bool> TakeCodeAsync(User user, string written, CancellationToken ct)
    {
        var code = new string([.. written.Take(LongestCode).Where(char.IsAsciiDigit)]);
        return code.Length == CodeLength && written.Length <= LongestCode
            && await _provider.ValidateAsync(Issuer, code, manager, user) && await store.TakeCodeAsync(user.Id, code, ct);
    }

    private async Task<bool> TakeRecoveryCodeAsync(User user, string written, CancellationToken ct) => written.Length <= LongestCode
        && (await store.FindAsync(user.Id, ct)).IsConfirmed && await store.TakeRecoveryCodeAsync(user.Id, HashOf(user.Id, written), ct);

    private static ImmutableArray<string> NewRecoveryCodes() => [.. Enumerable.Range(0, RecoveryCodes).Select(_ => Secrets.NewPassword())];

    private static byte[][] Hashes(Guid userId, ImmutableArray<string> codes) => [.. codes.Select(code => HashOf(userId, code))];

    // However it is typed: with or without the dashes, in capitals.
    private static byte[] HashOf(Guid userId, string code) => Secrets.Hash($"{userId}:{new string([.. code.Where(char.IsAsciiLetterOrDigit)]).ToLowerInvariant()}");

    private static XrmException AlreadyThere() => new("authenticator_exists", 409, "There is an authenticator already. Remove it first.");
}
