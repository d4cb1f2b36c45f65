using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Errors;

namespace Xrm.Server.Features.Data.Batch;

/// <summary>One request of a batch.</summary>
/// <param name="Id">Its name in the batch.</param>
/// <param name="Method">HTTP method in capitals.</param>
/// <param name="Url">URL: absolute, from the root, relative to the data API, or beginning with <c>$id</c> of an earlier request.</param>
/// <param name="Group">Name of its atomicity group; null for none.</param>
/// <param name="DependsOn">Requests and groups that must have succeeded.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body; undefined for none.</param>
internal sealed record BatchRequest(
    string Id, string Method, string Url, string? Group, ImmutableArray<string> DependsOn, ImmutableArray<KeyValuePair<string, string>> Headers, JsonElement Body)
{
    /// <summary>Most requests in one batch.</summary>
    public const int Most = 1_000;

    private static readonly string[] Methods = ["GET", "POST", "PATCH", "DELETE"];

    /// <summary>Reads the body of a batch: <c>{ "requests": […] }</c>.</summary>
    /// <exception cref="XrmException">400 with every mistake, e.g. at <c>requests[2].method</c>.</exception>
    public static ImmutableArray<BatchRequest> ReadAll(JsonElement batch)
    {
        if (batch.ValueKind != JsonValueKind.Object || !batch.TryGetProperty("requests", out var list) || list.ValueKind != JsonValueKind.Array)
            throw Wrong("requests", "Expected { \"requests\": [ … ] }.");
        CheckCount(list.GetArrayLength());
        return Check(list.EnumerateArray().Index().Select(item => Read(item.Item, $"requests[{item.Index}]")));
    }

    /// <summary>Refuses more requests than a batch may have.</summary>
    /// <exception cref="XrmException">400 <c>batch_too_large</c>.</exception>
    public static void CheckCount(int count)
    {
        if (count > Most) throw new XrmException("batch_too_large", 400, $"A batch may have {Most} requests.");
    }

    /// <summary>The requests, whose names and groups do not contradict each other.</summary>
    /// <exception cref="XrmException">400 with the mistake.</exception>
    public static ImmutableArray<BatchRequest> Check(IEnumerable<BatchRequest> read)
    {
        var requests = ImmutableArray.CreateBuilder<BatchRequest>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, request) in read.Index())
        {
            var isNewGroup = request.Group is not null && (requests.Count == 0 || requests[^1].Group != request.Group);
            if (request.DependsOn.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
                throw Wrong($"requests[{index}].dependsOn", $"There is no request or group {unknown} before this one.");
            if (isNewGroup && !known.Add(request.Group!)) throw Wrong($"requests[{index}].atomicityGroup", $"The requests of the group {request.Group} must stand together, and no request may have its name.");
            if (!known.Add(request.Id)) throw Wrong($"requests[{index}].id", $"The id {request.Id} occurs twice.");
            if (request.Group is not null && request.Method == "GET") throw Wrong($"requests[{index}].method", "An atomicity group holds writes only. Put the GET outside of it.");
            requests.Add(request);
        }
        return requests.ToImmutable();
    }

    private static BatchRequest Read(JsonElement item, string path)
    {
        if (item.ValueKind != JsonValueKind.Object) throw Wrong(path, "Expected a JSON object.");
        var method = ReadMethod(Text(item, "method", path, isRequired: true)!, path);
        var id = Text(item, "id", path, isRequired: true)!;
        if (id.Length == 0 || !id.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.')) throw Wrong($"{path}.id", "An id has letters, digits, '-', '_' and '.'.");
        return new BatchRequest(id, method, Text(item, "url", path, isRequired: true)!, Text(item, "atomicityGroup", path, isRequired: false), DependsOnOf(item, path), HeadersOf(item, path),
            item.TryGetProperty("body", out var body) && body.ValueKind != JsonValueKind.Null ? body : default);
    }

    /// <summary>The method in capitals.</summary>
    /// <exception cref="XrmException">400: a batch takes no such method.</exception>
    public static string ReadMethod(string written, string path) =>
        Methods.Contains(written.ToUpperInvariant()) ? written.ToUpperInvariant() : throw Wrong($"{path}.method", $"The method can be {string.Join(", ", Methods)}.");

    private static string? Text(JsonElement item, string name, string path, bool isRequired)
    {
        if (item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String) return value.GetString();
        if (isRequired || value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)) throw Wrong($"{path}.{name}", $"Expected {name} as a text.");
        return null;
    }

    private static ImmutableArray<string> DependsOnOf(JsonElement item, string path)
    {
        if (!item.TryGetProperty("dependsOn", out var list)) return [];
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String)) throw Wrong($"{path}.dependsOn", "Expected a list of ids.");
        return [.. list.EnumerateArray().Select(name => name.GetString()!)];
    }

    private static ImmutableArray<KeyValuePair<string, string>> HeadersOf(JsonElement item, string path)
    {
        if (!item.TryGetProperty("headers", out var headers)) return [];
        if (headers.ValueKind != JsonValueKind.Object || headers.EnumerateObject().Any(header => header.Value.ValueKind != JsonValueKind.String)) throw Wrong($"{path}.headers", "Expected an object of texts.");
        return [.. headers.EnumerateObject().Select(header => KeyValuePair.Create(header.Name, header.Value.GetString()!))];
    }

    /// <summary>A mistake in the form of a batch.</summary>
    public static XrmException Wrong(string field, string message) => new("invalid_batch", 400, message, [new FieldError(field, "invalid_batch", message)]);
}
