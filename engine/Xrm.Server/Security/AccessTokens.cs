using System.Collections.Immutable;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Metadata;

namespace Xrm.Server.Security;

/// <summary>An access token that somebody wants.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Days">Days until it expires; null for the usual 90.</param>
/// <param name="Access"><c>read</c> or <c>write</c>, which includes reading; null for reading.</param>
/// <param name="Entities">Names of the entities that it reaches; null or empty for all.</param>
/// <param name="Administration">May do what only administrators may, if its user is one.</param>
internal sealed record WantedToken(string? Name, int? Days, string? Access, ImmutableArray<string>? Entities, bool? Administration);

/// <summary>A new access token.</summary>
/// <param name="Token">What programs send; nobody learns it again.</param>
/// <param name="Details">What is known of it.</param>
internal sealed record IssuedToken(string Token, TokenView Details);

/// <summary>An access token as people see it.</summary>
internal sealed record TokenView(Guid Id, string Name, DateTime CreatedAt, DateTime? ExpiresAt, DateTime? LastUsedAt, bool IsUnlimited, bool CanWrite, bool Administration, IReadOnlyList<string> Entities)
{
    public static TokenView Of(AccessToken token)
    {
        var scope = token.Scopes is { } scopes ? TokenScope.Parse(string.Join(' ', scopes)) : null;
        return new TokenView(token.Id, token.Name, token.CreatedAt, token.ExpiresAt, token.LastUsedAt,
            scope is null, scope?.CanWrite ?? true, scope?.IncludesAdministration ?? true, [.. scope?.Entities.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()]);
    }
}

/// <summary>Makes access tokens, lists them and revokes them.</summary>
internal sealed class AccessTokens(TokenStore store, CurrentModel current, CredentialCache credentials, CredentialNotes notes, TimeProvider time)
{
    private const int UsualDays = 90;
    private const int MostDays = 365;
    private const int MostOfUser = 50;
    private const int MostEntities = 100;

    /// <summary>The tokens of a user, newest first.</summary>
    public async Task<IEnumerable<TokenView>> ListAsync(Guid userId, CancellationToken ct) => (await store.ListAsync(userId, ct)).Select(TokenView.Of);

    /// <summary>Makes a token for a user, and tells the audit and the user of it.</summary>
    /// <exception cref="XrmException">400: what is wanted cannot be; 409: there is one of that name, or there are too many.</exception>
    public async Task<IssuedToken> IssueAsync(Guid userId, WantedToken wanted, HttpContext http, CancellationToken ct)
    {
        var name = PersonText.Name(wanted.Name, "name");
        var days = wanted.Days ?? UsualDays;
        if (days is < 1 or > MostDays) throw Invalid("days", "out_of_range", $"A token lasts 1 to {MostDays} days.");
        var scopes = Scopes(wanted);
        if ((await store.ListAsync(userId, ct)).Length >= MostOfUser) throw new XrmException("too_many_tokens", 409, $"There are {MostOfUser} tokens, which is as many as there can be. Revoke one first.");
        var now = time.GetUtcNow();
        var (secret, token) = (Secrets.NewToken(), new AccessToken(Guid.CreateVersion7(now), name, now.UtcDateTime, now.AddDays(days).UtcDateTime, null, scopes));
        if (!await store.AddAsync(token.Id, name, Secrets.Hash(secret), userId, token.ExpiresAt, scopes, ct))
            throw new XrmException("name_taken", 409, $"There already is a token named {name}. Choose another name.");
        await notes.TellAsync(http, AuditOperations.TokenMade, userId, user => CredentialNotes.DetailsOf(token, user), new AccountNews(AccountChange.Token, name), ct);
        return new IssuedToken(secret, TokenView.Of(token));
    }

    /// <summary>Revokes a token of a user, and tells the audit of it.</summary>
    /// <returns>False where the user has no such token.</returns>
    public async Task<bool> RevokeAsync(Guid userId, Guid id, HttpContext http, CancellationToken ct)
    {
        var removed = await store.RemoveAsync(userId, id, ct);
        credentials.Forget();
        if (removed is null) return false;
        await notes.TellAsync(http, AuditOperations.TokenRevoked, userId, user => CredentialNotes.DetailsOf(removed, user), null, ct);
        return true;
    }

    private string[] Scopes(WantedToken wanted)
    {
        if (wanted.Access is not (null or TokenScope.Read or TokenScope.Write)) throw Invalid("access", "unknown", "The access of a token is read or write.");
        var entities = wanted.Entities is { IsDefault: false } some ? some : [];
        if (entities.Length > MostEntities) throw Invalid("entities", "too_many", $"Name at most {MostEntities} entities, or none for all.");
        foreach (var entity in entities)
        {
            if (current.Value.Model.FindEntity(entity ?? "") is not null) continue;
            var near = Names.Nearest(entity ?? "", current.Value.Model.Entities.Select(each => each.Name));
            throw Invalid("entities", "entity_unknown", $"There is no entity {entity}.{(near is null ? "" : $" Did you mean {near}?")}");
        }
        List<string> scopes = [TokenScope.Read];
        if (wanted.Access == TokenScope.Write) scopes.Add(TokenScope.Write);
        if (wanted.Administration == true) scopes.Add(TokenScope.Administration);
        return [.. scopes, .. entities.Distinct(StringComparer.Ordinal).Select(entity => TokenScope.EntityPrefix + entity)];
    }

    private static XrmException Invalid(string field, string code, string message) => XrmException.Invalid([new FieldError(field, code, message)]);
}
