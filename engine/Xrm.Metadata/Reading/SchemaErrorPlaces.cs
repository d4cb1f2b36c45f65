using Newtonsoft.Json.Linq;
using NJsonSchema.Validation;

namespace Xrm.Metadata.Reading;

/// <summary>Where a violation is.</summary>
/// <param name="Path">JSON path as we write it.</param>
/// <param name="Value">What stands there; null where a property is missing.</param>
/// <param name="Owner">Where a property is missing, the object that lacks it; null otherwise.</param>
internal sealed record SchemaErrorPlace(string Path, JToken? Value, JToken? Owner);

/// <summary>Finds the places of violations. The validator writes paths in two ways, and does not always quote names: they cannot be parsed, only looked up.</summary>
internal sealed class SchemaErrorPlaces
{
    private readonly Dictionary<string, SchemaErrorPlace> _places = new(StringComparer.Ordinal);

    public SchemaErrorPlaces(JToken root) => Add("", "$", root);

    /// <summary>Path of an error as the validator writes it, without the leading <c>#/</c>; empty for the root.</summary>
    public static string Path(ValidationError error) => error.Path is null or "#" ? "" : error.Path.StartsWith("#/", StringComparison.Ordinal) ? error.Path[2..] : error.Path;

    /// <summary>What the paths of an object's properties begin with.</summary>
    public static string Start(ValidationError error) => Path(error) is { Length: > 0 } path ? path + "." : "";

    public SchemaErrorPlace Of(ValidationError error)
    {
        var path = Path(error);
        if (error.Kind == ValidationErrorKind.PropertyRequired && path.EndsWith(error.Property, StringComparison.Ordinal))
        {
            var owner = _places.GetValueOrDefault(path[..^error.Property.Length].TrimEnd('.'));
            if (owner is not null) return new SchemaErrorPlace(JsonScan.Append(owner.Path, error.Property), null, owner.Value);
        }
        return _places.GetValueOrDefault(path) ?? new SchemaErrorPlace("$", null, null);
    }

    private void Add(string written, string path, JToken value)
    {
        _places.TryAdd(written, new SchemaErrorPlace(path, value, null));
        _places.TryAdd(value.Path, new SchemaErrorPlace(path, value, null));
        if (value is JArray list)
            for (var i = 0; i < list.Count; i++) Add($"{written}[{i}]", $"{path}[{i}]", list[i]);
        if (value is JObject owner)
            foreach (var (name, inner) in owner) Add(written.Length == 0 ? name : $"{written}.{name}", JsonScan.Append(path, name), inner!);
    }
}
