using System.Text.Json;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>All definitions of a folder of Common Data Model documents, by name.</summary>
internal sealed class CdmDocuments
{
    private const string Ending = ".cdm.json";

    private readonly Dictionary<string, JsonElement> _entities = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, JsonElement> _groups = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, JsonElement> _types = new(StringComparer.OrdinalIgnoreCase);

    private CdmDocuments()
    {
    }

    /// <summary>Names of the entities, in the order of the files' paths.</summary>
    public List<string> EntityNames { get; } = [];

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">A document is no JSON, or the folder has no entity.</exception>
    public static async Task<CdmDocuments> ReadAsync(string directory, CancellationToken ct)
    {
        if (!Directory.Exists(directory)) throw new DirectoryNotFoundException($"There is no folder {directory}.");
        var documents = new CdmDocuments();
        foreach (var path in Directory.EnumerateFiles(directory, "*" + Ending, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            documents.Add(await ReadDocumentAsync(path, ct));
        return documents.EntityNames.Count > 0 ? documents : throw new InvalidDataException($"{directory} has no *{Ending} document with an entity.");
    }

    public JsonElement? Entity(string name) => _entities.TryGetValue(name, out var found) ? found : null;

    public JsonElement? Group(string name) => _groups.TryGetValue(name, out var found) ? found : null;

    public JsonElement? DataType(string name) => _types.TryGetValue(name, out var found) ? found : null;

    private static async Task<JsonElement> ReadDocumentAsync(string path, CancellationToken ct)
    {
        try
        {
            // Through text, since a byte order mark is no JSON.
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(path, ct));
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not JSON: {e.Message}", e);
        }
    }

    private void Add(JsonElement document)
    {
        foreach (var definition in CdmJson.List(document, "definitions"))
        {
            if (CdmJson.Text(definition, "entityName") is { } entity && _entities.TryAdd(entity, definition)) EntityNames.Add(entity);
            if (CdmJson.Text(definition, "attributeGroupName") is { } group) _groups.TryAdd(group, definition);
            if (CdmJson.Text(definition, "dataTypeName") is { } type) _types.TryAdd(type, definition);
        }
    }
}
