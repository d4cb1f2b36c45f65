using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data.Auditing;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Auth;

/// <summary>The authenticator and the recovery codes of the signed-in person.</summary>
internal static class SecondFactorEndpoints
{
    public static void MapSecondFactor(this IEndpointRouteBuilder group)
    {
        var factor = group.MapGroup("/second-factor").RequireAuthorization(Policies.Person);
        factor.MapGet("", GetAsync);
        factor.MapPost("/authenticator", SetUpAsync);
        factor.MapPost("/authenticator/confirm", ConfirmAsync);
        factor.MapPost("/authenticator/remove", RemoveAsync).RequireAuthorization(Policies.FullPerson);
        factor.MapPost("/recovery-codes", RenewAsync).RequireAuthorization(Policies.FullPerson);
    }

    private static async Task<Ok<FactorView>> GetAsync(HttpContext http, SecondFactor factor, CancellationToken ct)
    {
        var factors = await factor.FindAsync(http.UserId(), ct);
        return TypedResults.Ok(new FactorView(factors.IsConfirmed, factors.RecoveryCodes, factors.Passkeys));
    }

    private static async Task<Ok<AuthenticatorSetup>> SetUpAsync(Confirmation body, HttpContext http, SecondFactor factor, CancellationToken ct) =>
        TypedResults.Ok(await factor.SetUpAsync(http.UserId(), body.Password ?? "", ct));

    private static async Task<Ok<RecoveryCodes>> ConfirmAsync(FirstCode body, HttpContext http, SecondFactor factor, Sessions sessions, CredentialNotes notes, CancellationToken ct)
    {
        var codes = await factor.ConfirmAsync(http.UserId(), body.Code ?? "", ct);
        if (http.SessionId() is { } session) await sessions.ConfirmSecondFactorAsync(session, ct);
        await notes.TellAsync(http, AuditOperations.SecondFactorAdded, http.UserId(), null, new AccountNews(AccountChange.SecondFactorOn), ct);
        return TypedResults.Ok(new RecoveryCodes(codes));
    }

    private static async Task<NoContent> RemoveAsync(Confirmation body, HttpContext http, SecondFactor factor, CredentialNotes notes, CancellationToken ct)
    {
        if (await factor.RemoveAsync(http.UserId(), body.Password ?? "", ct))
            await notes.TellAsync(http, AuditOperations.SecondFactorRemoved, http.UserId(), null, new AccountNews(AccountChange.SecondFactorOff), ct);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<RecoveryCodes>> RenewAsync(Confirmation body, HttpContext http, SecondFactor factor, CredentialNotes notes, CancellationToken ct)
    {
        var codes = await factor.RenewRecoveryCodesAsync(http.UserId(), body.Password ?? "", ct);
        await notes.TellAsync(http, AuditOperations.RecoveryCodesRenewed, http.UserId(), null, new AccountNews(AccountChange.RecoveryCodes), ct);
        return TypedResults.Ok(new RecoveryCodes(codes));
    }

    /// <summary>What the person has.</summary>
    internal sealed record FactorView(bool HasAuthenticator, int RecoveryCodes, int Passkeys);

    internal sealed record Confirmation(string? Password);

    internal sealed record FirstCode(string? Code);

    internal sealed record RecoveryCodes(ImmutableArray<string> Codes);
}
