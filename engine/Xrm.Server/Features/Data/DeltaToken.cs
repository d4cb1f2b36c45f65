using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Xrm.Data.Changes;
using Xrm.Data.Errors;
using Xrm.Data.Queries;

namespace Xrm.Server.Features.Data;

/// <summary>What a link to the changes of a list carries: the position, and for what list, whose rights and which model it is good.</summary>
internal static class DeltaToken
{
    /// <summary>Name of the option that holds it.</summary>
    public const string Option = "token";

    /// <summary>The position in signs of a URL.</summary>
    public static string Encode(ChangePosition position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position.ToString()));

    /// <summary>What <see cref="Encode"/> wrote.</summary>
    /// <exception cref="XrmException">400: it is no position.</exception>
    public static ChangePosition Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return ChangePosition.Parse(Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "");
    }

    /// <summary>The options that tell one list from another, as they stand in a link: what is selected and what must hold.</summary>
    public static string ListOptions(string? query)
    {
        var options = new StringBuilder();
        foreach (var pair in new QueryStringEnumerable(query))
            if (pair.DecodeName().Span.TrimStart('$') is "select" or "filter" or "view" or "compute") options.Append(pair.EncodedName).Append('=').Append(pair.EncodedValue).Append('&');
        return options.ToString();
    }

    /// <summary>The token of a list at a position.</summary>
    public static string Write(ChangePosition position, QueryContext context, string collection, string options) =>
        $"{Encode(position)}.{ListHash(collection, options)}.{RightsHash(context)}";

    /// <summary>The position of a token.</summary>
    /// <exception cref="XrmException">400: it is of another list; 410: rights or the model have changed, so that what changed says too little.</exception>
    public static ChangePosition Read(string token, QueryContext context, string collection, string options)
    {
        if (token.Split('.') is not [var position, var list, var rights]) throw new XrmException("invalid_token", 400, "This is no token of changes: follow @odata.deltaLink as it is.");
        var read = Decode(position);
        if (list != ListHash(collection, options)) throw new XrmException("invalid_token", 400, "This token belongs to another query: follow @odata.deltaLink as it is.");
        return rights == RightsHash(context) ? read : throw new XrmException("changes_gone", 410, "Your rights or the model have changed since. Read the list anew.");
    }

    private static string ListHash(string collection, string options)
    {
        var text = new StringBuilder(collection);
        foreach (var pair in new QueryStringEnumerable(options)) text.Append('\n').Append(pair.DecodeName().Span.TrimStart('$')).Append('=').Append(pair.DecodeValue());
        return Hash(text.ToString());
    }

    private static string RightsHash(QueryContext context) =>
        Hash($"{context.Caller.UserId} {context.Caller.IsAdministrator} {context.Caller.Scope} {string.Join(',', context.Caller.Roles.Order(StringComparer.Ordinal))} {context.Caller.Membership.Fingerprint} {context.Published.Version}");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
