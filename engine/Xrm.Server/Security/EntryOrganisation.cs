using Xrm.Data.Catalogue;
using Xrm.Data.Errors;

namespace Xrm.Server.Security;

/// <summary>The organisation that a request asks for, by its header or by the host that it was sent to.</summary>
/// <param name="Name">Name of the organisation that the host stands for.</param>
internal sealed record AskedOrganisation(string Name)
{
    /// <summary>The header that names an organisation.</summary>
    public const string Header = "X-Xrm-Org";

    /// <summary>Name of the organisation that a request asks for; null for none.</summary>
    public static string? Of(HttpContext http) => http.Features.Get<AskedOrganisation>()?.Name ?? (http.Request.Headers[Header].ToString() is { Length: > 0 } named ? named : null);
}

/// <summary>Says which organisation somebody enters who signs in.</summary>
internal sealed class EntryOrganisation(MemberStore members)
{
    /// <summary>The one that is wanted; otherwise the one that was used last, and rather one that is not suspended.</summary>
    /// <param name="userId">Who signs in.</param>
    /// <param name="wanted">Name of an organisation; null for the usual one.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">403: the user belongs to none; 404: not to the one that is wanted.</exception>
    public async Task<string> ForAsync(Guid userId, string? wanted, CancellationToken ct)
    {
        var own = await members.OrganisationsOfAsync(userId, ct);
        if (own.IsEmpty) throw new XrmException("no_organisation", 403, "You belong to no organisation at the moment. Ask an administrator to add you to one.");
        if (wanted is null) return (own.FirstOrDefault(organisation => organisation.State == OrganisationState.Active) ?? own[0]).Name;
        return own.Any(organisation => organisation.Name == wanted) ? wanted : throw Unknown(wanted);
    }

    /// <summary>There is no such organisation, or it is none of the caller's: which of both is not told.</summary>
    public static XrmException Unknown(string name) => new("organisation_unknown", 404, $"There is no organisation '{Shown(name)}', or you are no member of it.");

    private static string Shown(string name) => name.Length <= 60 ? name : $"{name[..60]}…";
}
