using System.Buffers.Text;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Identity;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>A challenge for a browser.</summary>
/// <param name="OptionsJson">What the browser's credential functions take, JSON.</param>
/// <param name="Secret">Secret of the challenge, for a cookie.</param>
internal sealed record PasskeyChallenge(string OptionsJson, string Secret);

/// <summary>Registers passkeys and recognises people by them. Each challenge is answered once.</summary>
internal sealed class Passkeys(IPasskeyHandler<User> handler, PasskeyStore store, UserManager<User> manager, Passwords passwords, Tickets tickets)
{
    /// <summary>How long a challenge can be answered.</summary>
    public static readonly TimeSpan ChallengeLength = TimeSpan.FromMinutes(5);

    private const int MostOfUser = 20;
    private const int LongestAnswer = 32 * 1024;

    /// <summary>The passkeys of a user, oldest first.</summary>
    public Task<ImmutableArray<Passkey>> ListAsync(Guid userId, CancellationToken ct) => store.ListAsync(userId, ct);

    /// <summary>Begins the registration of a passkey.</summary>
    /// <exception cref="XrmException">400: the password is wrong; 409: the user has as many as one may have.</exception>
    public async Task<PasskeyChallenge> BeginRegistrationAsync(Guid userId, string password, HttpContext http, CancellationToken ct)
    {
        var user = await passwords.ConfirmAsync(userId, password, "password", ct);
        if ((await store.ListAsync(userId, ct)).Length >= MostOfUser) throw new XrmException("too_many_passkeys", 409, $"You have {MostOfUser} passkeys, which is as many as there can be. Remove one first.");
        var entity = new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.UserName, DisplayName = user.DisplayName };
        var options = await handler.MakeCreationOptionsAsync(entity, http);
        return new PasskeyChallenge(options.CreationOptionsJson, await tickets.IssueAsync(TicketPurpose.PasskeyRegistration, userId, options.AttestationState, ChallengeLength, ct));
    }

    /// <summary>Registers the passkey with which the browser has answered.</summary>
    /// <exception cref="XrmException">400: the answer does not fit the challenge, or the passkey is known already.</exception>
    public async Task RegisterAsync(Guid userId, string? secret, string answer, string name, HttpContext http)
    {
        var ct = http.RequestAborted;
        var ticket = await tickets.TakeAsync(secret, TicketPurpose.PasskeyRegistration, ct);
        if (ticket?.UserId != userId || answer.Length > LongestAnswer) throw Refused();
        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = answer, AttestationState = ticket.Payload });
        if (!result.Succeeded || result.UserEntity.Id != userId.ToString() || await store.FindAsync(result.Passkey.CredentialId, ct) is not null) throw Refused();
        result.Passkey.Name = name;
        var user = await manager.FindByIdAsync(userId.ToString()) ?? throw Refused();
        await manager.AddOrUpdatePasskeyAsync(user, result.Passkey);
    }

    /// <summary>Begins a sign-in by whatever passkey the browser has for this server.</summary>
    public async Task<PasskeyChallenge> BeginSignInAsync(HttpContext http, CancellationToken ct)
    {
        var options = await handler.MakeRequestOptionsAsync(null, http);
        return new PasskeyChallenge(options.RequestOptionsJson, await tickets.IssueAsync(TicketPurpose.PasskeySignIn, null, options.AssertionState, ChallengeLength, ct));
    }

    /// <summary>The user whose passkey has signed the challenge.</summary>
    /// <exception cref="XrmException">401: the answer does not fit the challenge, or the passkey is unknown.</exception>
    public async Task<User> FindUserAsync(string? secret, string answer, HttpContext http)
    {
        var ct = http.RequestAborted;
        var ticket = await tickets.TakeAsync(secret, TicketPurpose.PasskeySignIn, ct);
        if (ticket is null || answer.Length > LongestAnswer) throw Unknown();
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = answer, AssertionState = ticket.Payload });
        if (!result.Succeeded || !result.Passkey.IsUserVerified) throw Unknown();
        await store.UseAsync(result.Passkey.CredentialId, result.Passkey.SignCount, result.Passkey.IsBackedUp, ct);
        return result.User;
    }

    /// <summary>Names a passkey of a user anew.</summary>
    /// <returns>False where the user has no such passkey.</returns>
    public async Task<bool> RenameAsync(Guid userId, string id, string name, CancellationToken ct) => IdOf(id) is { } credential && await store.RenameAsync(userId, credential, name, ct);

    /// <summary>Removes a passkey of a user, except where it is the last way to sign in.</summary>
    public async Task<Removal> RemoveAsync(Guid userId, string id, CancellationToken ct) => IdOf(id) is { } credential ? await store.RemoveAsync(userId, credential, ct) : Removal.Unknown;

    private static byte[]? IdOf(string written) => written.Length <= 2048 && Base64Url.IsValid(written) ? Base64Url.DecodeFromChars(written) : null;

    private static XrmException Refused() => XrmException.Invalid([new FieldError("credential", "passkey_refused", "The passkey could not be registered. Begin again.")]);

    private static XrmException Unknown() => new("passkey_unknown", 401, "This passkey is not known here, or the request has expired. Try again, or sign in with your password.");
}
