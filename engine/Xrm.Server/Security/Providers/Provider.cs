using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Xrm.Server.Security.Providers;

/// <summary>An OpenID Connect provider, as the environment describes it. A class, not a record: nothing prints its secret.</summary>
internal sealed class Provider
{
    /// <summary>Name in settings and addresses, such as <c>company</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Name that people see.</summary>
    public required string Name { get; init; }

    /// <summary>Where its discovery document lies; https, except on this machine.</summary>
    public required Uri Authority { get; init; }

    /// <summary>What the provider calls this server.</summary>
    public required string ClientId { get; init; }

    /// <summary>Secret that is shared with the provider; null for none. Never logged.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>What is asked for; has <c>openid</c>.</summary>
    public required ImmutableArray<string> Scopes { get; init; }

    /// <summary>It may lie on this machine or in its network.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>A first sign-in goes to the account with the same confirmed address, where the provider says that the address is confirmed, too.</summary>
    public bool LinksByEmail { get; init; }

    /// <summary>A first sign-in makes an account.</summary>
    public bool CreatesAccounts { get; init; }

    /// <summary>Values of the claims <c>acr</c> and <c>amr</c> that count as a second factor; empty for none.</summary>
    public required FrozenSet<string> SecondFactor { get; init; }

    /// <summary>Claim that names groups; null where roles are given here alone.</summary>
    public string? RolesClaim { get; init; }

    /// <summary>Roles by the group that gives them.</summary>
    public required FrozenDictionary<string, ImmutableArray<string>> Roles { get; init; }
}

/// <summary>A person, as a provider has vouched for.</summary>
/// <param name="Issuer">The provider, as it names itself.</param>
/// <param name="Subject">What the provider calls the person.</param>
/// <param name="Email">Address; null where it is not told, or is none.</param>
/// <param name="IsEmailVerified">The provider says that the address is the person's.</param>
/// <param name="Name">Name that people see; null where it is not told.</param>
/// <param name="Groups">Values of the claim that gives roles; null where the claim is not asked for, or is missing.</param>
/// <param name="HasSecondFactor">The provider has seen a second factor that counts here.</param>
internal sealed record ProviderPerson(string Issuer, string Subject, string? Email, bool IsEmailVerified, string? Name, ImmutableArray<string>? Groups, bool HasSecondFactor);
