using System.Collections.Immutable;
using Xrm.Data;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Users;

/// <summary>Somebody to invite.</summary>
internal sealed record Invitation(string? Email, string? DisplayName, ImmutableArray<string>? Roles, bool? IsAdministrator);

/// <summary>A service account to be.</summary>
internal sealed record ServiceAccount(string? UserName, string? DisplayName, ImmutableArray<string>? Roles);

/// <summary>What to change of an account; what is missing stays.</summary>
internal sealed record UserChange(string? DisplayName, bool? IsActive, bool? IsAdministrator, ImmutableArray<string>? Roles, bool? IsInstallationAdministrator);

/// <summary>Makes and changes accounts.</summary>
internal sealed class UserAdministration(AccountStore accounts, UserStore users, AccountLinks links, AccountEffects effects, TimeProvider time)
{
    /// <summary>Makes an account for somebody and sends an invitation.</summary>
    /// <returns>Id of the account, and the link that was sent.</returns>
    /// <exception cref="XrmException">400: what was given cannot be; 409: there is such an account.</exception>
    public async Task<(Guid Id, string Link)> InviteAsync(Invitation wanted, HttpContext http, CancellationToken ct)
    {
        var email = PersonText.Email(wanted.Email, "email");
        var name = PersonText.Name(wanted.DisplayName ?? email, "displayName");
        var id = await AddAsync(PersonText.UserName(email, "email"), name, email, isService: false, wanted.Roles, ct);
        if (wanted.IsAdministrator == true) await accounts.SetStateAsync(id, isActive: true, isAdministrator: true, administersInstallation: false, ct);
        return (id, await InviteAgainAsync(id, http, ct));
    }

    /// <summary>Makes an account that has tokens alone.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="XrmException">400: what was given cannot be; 409: there is such an account.</exception>
    public Task<Guid> AddServiceAsync(ServiceAccount wanted, CancellationToken ct)
    {
        var userName = PersonText.UserName(wanted.UserName, "userName");
        return AddAsync(userName, PersonText.Name(wanted.DisplayName ?? userName, "displayName"), null, isService: true, wanted.Roles, ct);
    }

    /// <summary>Sends an invitation; an earlier one becomes void.</summary>
    /// <returns>The link.</returns>
    /// <exception cref="XrmException">404: there is no such user; 409: the user needs none.</exception>
    public async Task<string> InviteAgainAsync(Guid id, HttpContext http, CancellationToken ct)
    {
        if (await accounts.FindAsync(id, ct) is not { } account || await users.FindAsync(id, ct) is not { } user) throw UserEndpoints.Unknown();
        if (account is not { IsService: false, IsActive: true, HasPassword: false, Email: not null })
            throw new XrmException("cannot_invite", 409, "Only active people with an address and without a password are invited.");
        var inviter = await users.FindAsync(http.UserId(), ct);
        return await links.InviteAsync(user, inviter?.DisplayName ?? "", http, ct);
    }

    /// <summary>Changes an account. Whoever is deactivated is out at once.</summary>
    /// <exception cref="XrmException">400: what was given cannot be; 409: nobody would be left to administer.</exception>
    public async Task ChangeAsync(Account account, UserChange change, CancellationToken ct)
    {
        var roles = change.Roles is null ? (string[]?)null : effects.KnownRoles(change.Roles);
        var (isActive, isAdministrator) = (change.IsActive ?? account.IsActive, change.IsAdministrator ?? account.IsAdministrator);
        // Who does not administer here any more does not administer the installation either.
        var administersInstallation = isAdministrator && (change.IsInstallationAdministrator ?? account.IsInstallationAdministrator);
        if (change.DisplayName is not null) await accounts.RenameAsync(account.Id, PersonText.Name(change.DisplayName, "displayName"), ct);
        if ((isActive, isAdministrator, administersInstallation) != (account.IsActive, account.IsAdministrator, account.IsInstallationAdministrator)
            && !await accounts.SetStateAsync(account.Id, isActive, isAdministrator, administersInstallation, ct))
            throw new XrmException("last_administrator", 409, "This is the last administrator who can sign in. Make somebody else an administrator first.");
        if (roles is not null) await users.SetRolesAsync(account.Id, roles, ct);
        await effects.ChangedAsync(account.Id, isActive, ct);
    }

    private async Task<Guid> AddAsync(string userName, string displayName, string? email, bool isService, ImmutableArray<string>? wantedRoles, CancellationToken ct)
    {
        var roles = effects.KnownRoles(wantedRoles);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (!await accounts.AddAsync(id, userName, displayName, email, isService, ct)) throw new XrmException("name_taken", 409, $"There already is an account named {userName}.");
        await users.SetRolesAsync(id, roles, ct);
        await effects.AddedAsync(ct);
        return id;
    }
}

/// <summary>What follows from a change of accounts.</summary>
internal sealed class AccountEffects(Sessions sessions, CredentialCache credentials, CallerProvider callers, UserRecords records, CurrentModel current)
{
    /// <summary>The roles that were named, each of which the model has.</summary>
    /// <exception cref="XrmException">400: one of them is unknown.</exception>
    public string[] KnownRoles(ImmutableArray<string>? wanted)
    {
        var roles = wanted is { IsDefault: false } some ? some : [];
        var known = current.Value.Model.Roles;
        foreach (var role in roles)
        {
            if (known.ContainsKey(role ?? "")) continue;
            var near = Names.Nearest(role ?? "", known.Keys);
            throw XrmException.Invalid([new FieldError("roles", "role_unknown", $"There is no role {role}.{(near is null ? "" : $" Did you mean {near}?")}")]);
        }
        return [.. roles.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>There is an account more: records can belong to it.</summary>
    public Task AddedAsync(CancellationToken ct) => records(ct);

    /// <summary>Rights have changed: what is remembered of them is forgotten, and who may not sign in is signed out.</summary>
    public async Task ChangedAsync(Guid userId, bool isActive, CancellationToken ct)
    {
        if (!isActive) await sessions.EndHereAsync(userId, ct);
        credentials.Forget();
        callers.Forget();
    }
}
