using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>A statement about an attribute, entity or data type, e.g. <c>is.requiredAtLevel</c> with the argument <c>none</c>.</summary>
/// <param name="Name">Name of the trait.</param>
/// <param name="Arguments">Its arguments, names left out.</param>
internal sealed record CdmTrait(string Name, ImmutableArray<JsonElement> Arguments)
{
    /// <summary>The traits in a property such as <c>appliedTraits</c>; none where the property is missing.</summary>
    public static ImmutableArray<CdmTrait> In(JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var traits) && traits.ValueKind == JsonValueKind.Array
            ? [.. traits.EnumerateArray().Select(Read)]
            : [];

    /// <summary>First argument as text; null where there is none.</summary>
    public string? Text => Arguments.IsEmpty ? null : CdmJson.Scalar(Arguments[0]);

    /// <summary>The argument of that name as written, e.g. <c>scale</c>; null where there is none.</summary>
    public string? Named(string name) => _named.GetValueOrDefault(name) is { ValueKind: not JsonValueKind.Undefined } value ? CdmJson.Scalar(value) : null;

    /// <summary>Rows of the constant table in the first argument; none where there is no such table.</summary>
    public ImmutableArray<ImmutableArray<string?>> Rows =>
        !Arguments.IsEmpty && Arguments[0].ValueKind == JsonValueKind.Object
        && Arguments[0].TryGetProperty("entityReference", out var table) && table.ValueKind == JsonValueKind.Object
        && table.TryGetProperty("constantValues", out var rows) && rows.ValueKind == JsonValueKind.Array
            ? [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(CdmJson.Scalar).ToImmutableArray())]
            : [];

    /// <summary>Text of a table of translations: English, or the first language.</summary>
    public string? Localized => (Rows.FirstOrDefault(row => row.Length > 1 && row[0] == "en") is { IsDefault: false } english ? english : Rows.FirstOrDefault()) is { IsDefault: false, Length: > 1 } found ? found[1] : null;

    private readonly ImmutableDictionary<string, JsonElement> _named = ImmutableDictionary<string, JsonElement>.Empty;

    private CdmTrait(string name, ImmutableArray<JsonElement> arguments, ImmutableDictionary<string, JsonElement> named)
        : this(name, arguments) => _named = named;

    private static CdmTrait Read(JsonElement trait)
    {
        if (trait.ValueKind == JsonValueKind.String) return new(trait.GetString()!, []);
        var reference = trait.GetProperty("traitReference");
        var name = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : CdmJson.Text(reference, "traitName") ?? "";
        var arguments = trait.TryGetProperty("arguments", out var list) ? list.EnumerateArray().ToImmutableArray() : [];
        var named = arguments.Where(argument => CdmJson.Text(argument, "name") is not null && argument.TryGetProperty("value", out _))
            .ToImmutableDictionary(argument => CdmJson.Text(argument, "name")!, argument => argument.GetProperty("value"));
        return new(name, [.. arguments.Select(argument => argument.ValueKind == JsonValueKind.Object && argument.TryGetProperty("value", out var value) ? value : argument)], named);
    }
}
