namespace Xrm.Server.Features.Data.Batch;

/// <summary>The answer to one request of a batch.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Headers that say something about the answer.</param>
/// <param name="Body">Body as it would have been sent; empty for none.</param>
internal sealed record BatchAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    private static readonly string[] Told = ["Content-Type", "ETag", "Location", "OData-EntityId", "Preference-Applied", "Retry-After", "Allow"];

    /// <summary>It did what was asked.</summary>
    public bool IsSuccess => Status < 400;

    /// <summary>The record that it created or changed, relative to the data API; null for none.</summary>
    public string? Record { get; init; }

    /// <summary>Takes the answer from a finished exchange.</summary>
    public static BatchAnswer Of(HttpResponse response, ReadOnlyMemory<byte> body) => new(response.StatusCode,
        [.. Told.Where(name => response.Headers.ContainsKey(name)).Select(name => KeyValuePair.Create(name.ToLowerInvariant(), response.Headers[name].ToString()))], body);
}
