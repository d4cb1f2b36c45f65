using System.Collections.Immutable;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security.Providers;

/// <summary>Finds the account here of a person for whom a provider vouches: by what the provider calls the person, never by an address or a name alone.</summary>
internal sealed class ProviderAccounts(ExternalIdentityStore identities, AccountStore accounts, UserStore users, UserRecords records, TimeProvider time)
{
    /// <summary>The account of that person; where the provider may do so, one that is linked or made now.</summary>
    /// <returns>The account, and whether it was linked just now.</returns>
    /// <exception cref="XrmException">403: there is none.</exception>
    public async Task<(User User, bool IsNew)> FindAsync(Provider provider, ProviderPerson person, CancellationToken ct)
    {
        if (await identities.UseAsync(person.Issuer, person.Subject, ct) is { } known) return (await users.FindAsync(known.UserId, ct) ?? throw Unknown(provider), false);
        // Both sides have shown that the address is the person's: else whoever enters the address of another there would get in here.
        if (provider.LinksByEmail && person is { IsEmailVerified: true, Email: { } email } && await accounts.FindByEmailAsync(email, ct) is { } owner)
            return (await LinkAsync(owner, provider, person, ct), true);
        return provider.CreatesAccounts ? (await LinkAsync(await MakeAsync(provider, person, ct), provider, person, ct), true) : throw Unknown(provider);
    }

    /// <summary>Links the person's account at the provider with an account here.</summary>
    /// <returns>The account here.</returns>
    /// <exception cref="XrmException">409: one of them is linked already.</exception>
    public async Task<User> LinkAsync(Guid userId, Provider provider, ProviderPerson person, CancellationToken ct)
    {
        var name = person.Email ?? PersonText.OneLine(person.Name) ?? person.Subject;
        var now = time.GetUtcNow();
        var identity = new ExternalIdentity(Guid.CreateVersion7(now), userId, person.Issuer, person.Subject, name, now.UtcDateTime, null);
        if (!await identities.AddAsync(identity, ct))
            throw new XrmException("identity_taken", 409, $"This account of {provider.Name} belongs to somebody here already, or you have linked another one. Remove that link first.");
        return await users.FindAsync(userId, ct) ?? throw Unknown(provider);
    }

    /// <summary>The roles that somebody has because of groups at the provider: those are given and taken at each sign-in, others stay.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="groups">The person's groups; null where nothing is said of them, and nothing changes.</param>
    /// <param name="known">Roles of the model; others are given to nobody.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <returns>Roles before and after; null where they are the same.</returns>
    public async Task<(string[] Before, string[] After)?> AssignRolesAsync(Guid userId, Provider provider, ImmutableArray<string>? groups, IReadOnlyCollection<string> known, CancellationToken ct)
    {
        // Roles are of this organisation; who is none of its members goes to another.
        if (groups is not { } own || provider.Roles.Count == 0 || await users.FindMemberAsync(userId, ct) is null) return null;
        var before = await users.RolesAsync(userId, ct);
        var managed = provider.Roles.Values.SelectMany(roles => roles);
        var given = own.SelectMany(group => provider.Roles.GetValueOrDefault(group, [])).Where(known.Contains);
        var after = before.Except(managed).Union(given);
        if (before.SetEquals(after)) return null;
        await users.SetRolesAsync(userId, after, ct);
        return ([.. before.Order(StringComparer.Ordinal)], [.. after.Order(StringComparer.Ordinal)]);
    }

    private async Task<Guid> MakeAsync(Provider provider, ProviderPerson person, CancellationToken ct)
    {
        // An address that is not confirmed gives no name either: it would look like somebody else's account.
        var address = person.IsEmailVerified ? person.Email : null;
        var userName = address is null || !PersonText.IsUserName(address) ? $"{provider.Key}-{Convert.ToHexStringLower(Secrets.Hash($"{person.Issuer} {person.Subject}"))[..12]}" : address;
        var displayName = PersonText.Name(PersonText.OneLine(person.Name) ?? userName, "name");
        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (!await accounts.AddAsync(id, userName, displayName, address, isService: false, ct))
            throw new XrmException("name_taken", 409, $"There already is an account named {userName}. Sign in to it and link {provider.Name} in My account.");
        if (address is not null) await accounts.ConfirmEmailAsync(id, address, ct);
        await records(ct);
        return id;
    }

    private static XrmException Unknown(Provider provider) =>
        new("provider_unknown_person", 403, $"No account here is linked with yours at {provider.Name}. Sign in otherwise and link it in My account, or ask an administrator for an invitation.");
}
