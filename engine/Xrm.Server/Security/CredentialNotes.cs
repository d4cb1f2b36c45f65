using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;

namespace Xrm.Server.Security;

/// <summary>Tells the audit of changes of how somebody comes in, and the owner by mail where the owner would want to know.</summary>
internal sealed class CredentialNotes(AuditTrail audit, AccountNotices notices)
{
    /// <summary>Tells of a change that the signed-in person has made.</summary>
    /// <param name="http">The request.</param>
    /// <param name="operation">One of <see cref="AuditOperations"/>.</param>
    /// <param name="owner">Whose way in it is.</param>
    /// <param name="details">Makes the details, of the id of the owner where somebody else has made the change, and null otherwise.</param>
    /// <param name="change">What the owner is told; null for nothing.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="Xrm.Data.Errors.XrmException">503: the database cannot be reached; the audit does not tell of it.</exception>
    public async Task TellAsync(HttpContext http, string operation, Guid owner, Func<Guid?, object>? details, AccountNews? change, CancellationToken ct)
    {
        var actor = http.UserId();
        await audit.NoteAsync(http, operation, actor, details?.Invoke(actor == owner ? null : owner), ct);
        if (change is not null) await notices.TellAsync(owner, change, http, ct);
    }

    /// <summary>Tells that sessions were ended.</summary>
    /// <param name="http">The request.</param>
    /// <param name="owner">Whose they were.</param>
    /// <param name="ended">How many.</param>
    /// <param name="only">The session, where it was a single one that was chosen; null otherwise.</param>
    /// <param name="ct">Cancels the call.</param>
    public Task SessionsEndedAsync(HttpContext http, Guid owner, int ended, OpenSession? only, CancellationToken ct) => ended == 0 ? Task.CompletedTask
        : TellAsync(http, AuditOperations.SessionsEnded, owner, user => new { user, sessions = ended, browser = only?.UserAgent, address = only?.Address, since = only?.CreatedAt }, null, ct);

    /// <summary>What the audit tells of a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="user">Whose it is, where somebody else makes or revokes it; null otherwise.</param>
    public static object DetailsOf(AccessToken token, Guid? user) => new { user, token = token.Id, token.Name, token.Scopes, token.ExpiresAt };
}
