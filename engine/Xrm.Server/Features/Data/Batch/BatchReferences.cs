using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Data.Errors;

namespace Xrm.Server.Features.Data.Batch;

/// <summary>What the earlier requests of a batch made: <c>$id</c> stands for it in URLs and in <c>@odata.bind</c>.</summary>
internal sealed class BatchReferences
{
    private const string Bind = "@odata.bind";

    private readonly Dictionary<string, string> _records = new(StringComparer.Ordinal);

    /// <summary>Notes the record of a request, relative to the data API: <c>contracts(0190163d-…)</c>.</summary>
    public void Add(string id, string record) => _records[id] = record;

    /// <summary>The URL with the record in place of <c>$id</c>.</summary>
    /// <exception cref="XrmException">400: no earlier request of that id made a record.</exception>
    public string Url(string url)
    {
        var text = url.TrimStart('/');
        if (!text.StartsWith('$') || text.StartsWith("$metadata", StringComparison.Ordinal)) return url;
        var end = text.AsSpan(1).IndexOfAny('/', '?');
        var id = end < 0 ? text[1..] : text[1..(end + 1)];
        return Record(id) + text[(id.Length + 1)..];
    }

    /// <summary>The body with records in place of <c>$id</c> in every <c>@odata.bind</c>.</summary>
    /// <exception cref="XrmException">400: no earlier request of that id made a record.</exception>
    public JsonElement Body(JsonElement body)
    {
        if (body.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) || !body.GetRawText().Contains(Bind, StringComparison.Ordinal)) return body;
        var node = JsonSerializer.SerializeToNode(body)!;
        Replace(node);
        return JsonSerializer.SerializeToElement(node);
    }

    private void Replace(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list) Replace(item);
        }
        else if (node is JsonObject record)
        {
            foreach (var (name, value) in record.ToList())
                if (name.EndsWith(Bind, StringComparison.Ordinal) && value is JsonValue text && text.TryGetValue<string>(out var reference) && reference.TrimStart('/').StartsWith('$'))
                    record[name] = Record(reference.TrimStart('/')[1..]);
                else
                    Replace(value);
        }
    }

    private string Record(string id) => _records.TryGetValue(id, out var record) ? record
        : throw new XrmException("unknown_reference", 400, $"${id} refers to no earlier request of this batch that created or changed a record.");
}
