using System.Globalization;
using Xrm.Data.Errors;

namespace Xrm.Server.OData;

/// <summary>What clients accept. Those that could do nothing with the answer are told so instead of being sent it.</summary>
internal static class Negotiation
{
    private const int FirstVersion = 4;
    private static readonly string[] Accepted = ["json", "*/*", "application/*", "text/csv", "text/*"];

    /// <summary>Refuses a request for records in a form, or in a version of OData, that there is not.</summary>
    /// <exception cref="XrmException">406: neither JSON nor CSV will do; 400: an older version of OData.</exception>
    public static void Require(HttpRequest request)
    {
        // What names no type is no wish.
        if (request.Headers.Accept is { Count: > 0 } accept && accept.All(header => header?.Contains('/') == true && !Accepted.Any(form => header.Contains(form, StringComparison.OrdinalIgnoreCase))) && !request.Query.ContainsKey("$format"))
            throw new XrmException("not_acceptable", 406, $"There are application/json and text/csv, and the request accepts '{accept}'.");
        RequireVersion(request, "OData-MaxVersion");
        RequireVersion(request, "OData-Version");
    }

    private static void RequireVersion(HttpRequest request, string name)
    {
        if (request.Headers[name] is [{ } version] && int.TryParse(version.AsSpan(0, version.IndexOf('.') is >= 0 and var end ? end : version.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major < FirstVersion)
            throw new XrmException("unsupported_version", 400, $"{name} is {version}: answers are in OData 4.0, and 4.01 where it is accepted.");
    }
}
