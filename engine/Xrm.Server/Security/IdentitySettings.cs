using Xrm.Server.Commands;

namespace Xrm.Server.Security;

/// <summary>Who must sign in with a second factor.</summary>
internal enum SecondFactorDemand
{
    /// <summary>Nobody; everybody may.</summary>
    None,

    /// <summary>Administrators.</summary>
    Administrators,

    /// <summary>All people. Service accounts have tokens alone.</summary>
    Everybody,
}

/// <summary>What the environment says about signing in.</summary>
/// <param name="SecondFactor">Who must sign in with a second factor.</param>
/// <param name="PublicUrl">Address at which people reach the server, for links in mails; null where it is not said.</param>
internal sealed record IdentitySettings(SecondFactorDemand SecondFactor, Uri? PublicUrl)
{
    /// <summary>Reads <c>XRM_SECOND_FACTOR</c> and <c>XRM_PUBLIC_URL</c>.</summary>
    /// <exception cref="CommandFailedException">One of them cannot be understood.</exception>
    public static IdentitySettings Read(IConfiguration configuration)
    {
        var demand = configuration["XRM_SECOND_FACTOR"] is { Length: > 0 } written
            ? written.ToLowerInvariant() switch
            {
                "none" => SecondFactorDemand.None,
                "administrators" => SecondFactorDemand.Administrators,
                "everybody" => SecondFactorDemand.Everybody,
                _ => throw new CommandFailedException(ExitCodes.Usage, $"XRM_SECOND_FACTOR is '{written}'; it must be none, administrators or everybody."),
            }
            : SecondFactorDemand.None;
        if (configuration["XRM_PUBLIC_URL"] is not { Length: > 0 } url) return new IdentitySettings(demand, null);
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && address.Query.Length == 0
            ? new IdentitySettings(demand, address)
            : throw new CommandFailedException(ExitCodes.Usage, $"XRM_PUBLIC_URL is '{url}'; it must be an address such as https://crm.example.com.");
    }

    /// <summary>True where that user must have a second factor.</summary>
    public bool Demands(bool isAdministrator) => SecondFactor == SecondFactorDemand.Everybody || (SecondFactor == SecondFactorDemand.Administrators && isAdministrator);
}
