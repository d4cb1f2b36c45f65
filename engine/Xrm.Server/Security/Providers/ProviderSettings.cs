using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Xrm.Server.Commands;

namespace Xrm.Server.Security.Providers;

/// <summary>The providers by which people sign in. <c>docs/how-to/openid-connect.md</c> lists the settings.</summary>
internal sealed partial class ProviderSettings
{
    private const string Start = "XRM_OIDC_";

    private ProviderSettings(ImmutableArray<Provider> all) => All = all;

    /// <summary>The providers, in the order in which they are named.</summary>
    public ImmutableArray<Provider> All { get; }

    /// <summary>The provider of that key, or null.</summary>
    public Provider? Find(string key) => All.FirstOrDefault(provider => provider.Key == key);

    /// <summary>Reads <c>XRM_OIDC_PROVIDERS</c>, and <c>XRM_OIDC_KEY_…</c> for each of them.</summary>
    /// <exception cref="CommandFailedException">One of them is missing, or cannot be understood.</exception>
    public static ProviderSettings Read(IConfiguration configuration)
    {
        var keys = List(configuration[$"{Start}PROVIDERS"]);
        if (keys.Length != keys.Distinct(StringComparer.Ordinal).Count()) throw Wrong($"{Start}PROVIDERS names one provider twice.");
        return new ProviderSettings([.. keys.Select(key => Read(configuration, key))]);
    }

    private static Provider Read(IConfiguration configuration, string key)
    {
        if (!Key().IsMatch(key)) throw Wrong($"{Start}PROVIDERS has '{key}'; names of providers have small letters and digits alone, 30 at most.");
        string? Setting(string name) => configuration[$"{Start}{key.ToUpperInvariant()}_{name}"] is { Length: > 0 } written ? written.Trim() : null;
        string Demanded(string name) => Setting(name) ?? throw Wrong($"{Start}{key.ToUpperInvariant()}_{name} is missing.");
        bool Switch(string name) => Setting(name)?.ToLowerInvariant() switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw Wrong($"{Start}{key.ToUpperInvariant()}_{name} must be true or false."),
        };
        var scopes = Setting("SCOPES")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? ["profile", "email"];
        return new Provider
        {
            Key = key,
            Name = Setting("NAME") ?? key,
            Authority = Authority(Demanded("AUTHORITY"), key),
            ClientId = Demanded("CLIENT_ID"),
            ClientSecret = Setting("CLIENT_SECRET"),
            Scopes = [.. scopes.Prepend("openid").Distinct(StringComparer.Ordinal)],
            IsPrivate = Switch("PRIVATE"),
            LinksByEmail = Switch("LINK_BY_EMAIL"),
            CreatesAccounts = Switch("CREATE_ACCOUNTS"),
            SecondFactor = List(Setting("SECOND_FACTOR")).ToFrozenSet(StringComparer.Ordinal),
            RolesClaim = Setting("ROLES_CLAIM"),
            Roles = Roles(Setting("ROLES"), key),
        };
    }

    // What a provider says is worth as much as the way to it: only this machine may speak plainly.
    private static Uri Authority(string written, string key) => Uri.TryCreate(written, UriKind.Absolute, out var uri) && ProviderDocuments.IsSafe(uri) && uri.Query.Length == 0 && uri.Fragment.Length == 0
        ? uri : throw Wrong($"{Start}{key.ToUpperInvariant()}_AUTHORITY is '{written}'; it must be an https address such as https://login.example.com/company.");

    private static FrozenDictionary<string, ImmutableArray<string>> Roles(string? written, string key)
    {
        var pairs = List(written).Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries)).ToArray();
        if (pairs.Any(pair => pair is not [{ Length: > 0 }, { Length: > 0 }])) throw Wrong($"{Start}{key.ToUpperInvariant()}_ROLES must be groups and their roles, such as crm-sales=sales_user,crm-leads=sales_user,crm-leads=manager.");
        return pairs.GroupBy(pair => pair[0], pair => pair[1], StringComparer.Ordinal).ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);
    }

    private static string[] List(string? written) => (written ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static CommandFailedException Wrong(string message) => new(ExitCodes.Usage, message);

    [GeneratedRegex("^[a-z0-9]{1,30}$")]
    private static partial Regex Key();
}
