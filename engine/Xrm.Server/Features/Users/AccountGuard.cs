using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Users;

/// <summary>
/// Keeps administrators of one organisation from what reaches beyond it: whoever can set the password of an account can act in all of its organisations.
/// </summary>
internal sealed class AccountGuard(InstallationAdministrators administrators)
{
    /// <summary>Refuses to change an account itself where it belongs to others, too.</summary>
    /// <param name="account">The account.</param>
    /// <param name="concernsInstallation">The change is one of the installation, whatever the account.</param>
    /// <param name="http">The request.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">403: only an administrator of the installation may do this.</exception>
    public async Task CheckAsync(Account account, bool concernsInstallation, HttpContext http, CancellationToken ct)
    {
        if (!concernsInstallation && !account.IsElsewhere && !account.IsInstallationAdministrator) return;
        if (!await administrators.IncludeAsync(http, ct))
            throw new XrmException("account_shared", 403, "This account reaches beyond this organisation. Only an administrator of the installation may do this.");
    }
}
