using System.Collections.Immutable;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Organisations;

/// <summary>Names and hosts that people give to organisations.</summary>
internal static class OrganisationText
{
    /// <summary>With its prefix the schema's name fits into what PostgreSQL takes.</summary>
    private const int LongestName = 40;

    private const int MostHosts = 20;
    private const int LongestHost = 253;

    /// <summary>An organisation to be.</summary>
    /// <exception cref="XrmException">400: one of its names cannot be.</exception>
    public static NewOrganisation New(string? name, string? displayName, ImmutableArray<string>? hosts)
    {
        if (name is not { Length: > 0 and <= LongestName } || !char.IsAsciiLetterLower(name[0]) || !name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_'))
            throw XrmException.Invalid([new FieldError("name", "invalid_name", $"Use lower-case letters, digits and underscores, at most {LongestName}, a letter first.")]);
        return new NewOrganisation(name, PersonText.Name(displayName ?? name, "displayName"), Hosts(hosts ?? []));
    }

    /// <summary>Names of hosts, in lower case.</summary>
    /// <exception cref="XrmException">400: one of them cannot be.</exception>
    public static string[] Hosts(ImmutableArray<string>? wanted)
    {
        var hosts = (wanted is { IsDefault: false } some ? some : []).Select(host => host?.Trim().ToLowerInvariant() ?? "").Distinct(StringComparer.Ordinal).ToArray();
        if (hosts.Length > MostHosts) throw XrmException.Invalid([new FieldError("hostNames", "too_many", $"Name at most {MostHosts} hosts.")]);
        foreach (var host in hosts)
            if (host.Length is 0 or > LongestHost || Uri.CheckHostName(host) != UriHostNameType.Dns)
                throw XrmException.Invalid([new FieldError("hostNames", "invalid_host", "Enter names of hosts such as acme.example.com, without https:// and without a port.")]);
        return hosts;
    }
}
