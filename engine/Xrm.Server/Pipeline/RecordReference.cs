namespace Xrm.Server.Pipeline;

/// <summary>A record as a URL names it: <c>accounts(0190163d-…)</c> or <c>accounts/0190163d-…</c>, from the root of the data API, of the server, or with the server's name.</summary>
internal static class RecordReference
{
    private const string Root = "/api/data/";

    /// <summary>The collection and the id; null where the text is no such URL.</summary>
    public static (string Collection, Guid Id)? Parse(string text)
    {
        var start = text.StartsWith(Root, StringComparison.Ordinal) || text.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? text.IndexOf(Root, StringComparison.Ordinal) + Root.Length : 0;
        if (start > 0 && start < Root.Length) return null;
        var path = text[start..].TrimStart('/');
        var end = path.IndexOfAny(['(', '/']);
        if (end <= 0 || (path[end] == '(' && path[^1] != ')')) return null;
        return Guid.TryParseExact(path[end] == '(' ? path[(end + 1)..^1] : path[(end + 1)..], "D", out var id) ? (path[..end], id) : null;
    }
}
