using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.OData;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data;

/// <summary>Which record a request means, and what must hold of it.</summary>
internal static class RequestedRecord
{
    /// <summary>Name of the header that makes a request repeatable.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    private const int LongestKey = 200;

    /// <summary>What tells the request when it comes again; null where the client sent no key.</summary>
    /// <exception cref="XrmException">400: the key is empty or too long.</exception>
    public static RepeatableRequest? Repeatable(HttpRequest request, JsonElement body) => RepeatableBytes(request, body.ValueKind == JsonValueKind.Undefined ? [] : JsonMarshal.GetRawUtf8Value(body));

    /// <summary>What tells the request when it comes again; null where the client sent no key.</summary>
    /// <exception cref="XrmException">400: the key is empty or too long.</exception>
    public static RepeatableRequest? RepeatableBytes(HttpRequest request, ReadOnlySpan<byte> body)
    {
        if (!request.Headers.TryGetValue(IdempotencyKey, out var header)) return null;
        var key = header.ToString();
        if (key.Length is 0 or > LongestKey || key.Any(char.IsControl)) throw new XrmException("invalid_idempotency_key", 400, $"An Idempotency-Key has 1 to {LongestKey} characters, such as a new UUID for every new request.");
        var text = $"{request.Method} {request.Path}{request.QueryString} {request.Headers.IfMatch} {request.Headers.IfNoneMatch} ";
        return new RepeatableRequest(key, SHA256.HashData([.. Encoding.UTF8.GetBytes(text), .. body]));
    }

    /// <summary>The record that a part of the URL names: an id, or the values of an alternate key.</summary>
    /// <exception cref="XrmException">404: it is no id; 400: it is no key of the entity, with the keys that there are.</exception>
    public static RecordKey Key(Entity entity, string written)
    {
        // Routing leaves an encoded slash as it is, because a decoded one would be the end of the segment.
        var text = written.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (Guid.TryParseExact(text, "D", out var id)) return RecordKey.OfId(entity, id);
        if (!text.Contains('=')) throw new XrmException("record_not_found", 404, $"There is no {entity.Name} with the id '{text}': an id is a UUID.");
        var values = KeyParser.Parse(text);
        var names = values.Select(pair => pair.Name).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 1 && names.Contains("id") && values[0].Value.Value is Guid known) return RecordKey.OfId(entity, known);
        if (names.Count != values.Length || !entity.Keys.Any(key => names.SetEquals(Columns(key).Select(pair => pair.Column.Name))))
            throw new XrmException("unknown_key", 400, Unknown(entity));
        return RecordKey.OfValues(entity, [.. values.Select(pair => Read(entity, pair.Name, pair.Value.Value))]);
    }

    /// <summary>What <c>If-Match</c> and <c>If-None-Match</c> ask for.</summary>
    /// <exception cref="XrmException">400: one of them cannot be understood.</exception>
    public static Precondition Precondition(HttpRequest request)
    {
        var none = request.Headers.IfNoneMatch.ToString().Trim();
        if (none is not ("" or "*")) throw new XrmException("invalid_etag", 400, "If-None-Match of a write can only be *: create, and change nothing that is there.");
        var match = request.Headers.IfMatch.ToString().Trim();
        if (none.Length > 0 && match.Length > 0) throw new XrmException("invalid_etag", 400, "If-Match and If-None-Match contradict each other. Send one of them.");
        return new Precondition(Version(match), match.Length > 0, none.Length > 0);
    }

    private static long? Version(string header)
    {
        if (header is "" or "*") return null;
        var tag = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header;
        return long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
            : throw new XrmException("invalid_etag", 400, "If-Match must hold the ETag of the record, such as W/\"3\", or *.");
    }

    private static (Column, object?) Read(Entity entity, string name, object? written)
    {
        var (field, column) = entity.FindColumn(name)!.Value;
        var read = field.Type.Read(JsonSerializer.SerializeToElement(written), field, column);
        if (!read.Ok) throw new XrmException(read.Code!, 400, $"{field.Label}: {read.Message}", [new FieldError(name, read.Code!, read.Message!)]);
        return (column, read.Value);
    }

    private static IEnumerable<(Field Field, Column Column)> Columns(Key key) => key.Fields.SelectMany(field => field.Columns.Take(1).Select(column => (field, column)));

    private static string Unknown(Entity entity)
    {
        var keys = entity.Keys.Select(key => string.Join(',', Columns(key).Select(pair => $"{pair.Column.Name}=…"))).Prepend("id").ToImmutableArray();
        return $"{entity.Label} has no such key. There {(keys.Length == 1 ? "is" : "are")}: {string.Join(" · ", keys)}.";
    }
}
