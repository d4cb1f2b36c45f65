using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Follows data types to what they extend.</summary>
/// <param name="documents">The documents.</param>
internal sealed class CdmDataTypes(CdmDocuments documents)
{
    private const int LongestChain = 20;

    /// <summary>The type and all that it extends, nearest first, with the traits said on the way.</summary>
    /// <param name="use">A name, or an object with <c>dataTypeReference</c> and traits.</param>
    public CdmDataType Resolve(JsonElement use)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        var traits = ImmutableArray.CreateBuilder<CdmTrait>();
        while (names.Count < LongestChain && CdmJson.Reference(use, "dataTypeReference") is { } name)
        {
            names.Add(name);
            traits.AddRange(CdmTrait.In(use, "appliedTraits"));
            if (documents.DataType(name) is not { } definition || !definition.TryGetProperty("extendsDataType", out use)) break;
        }
        return new CdmDataType(names.ToImmutable(), traits.ToImmutable());
    }
}

/// <summary>A data type with all that it extends.</summary>
/// <param name="Names">Names, nearest first; empty where the type is unsaid.</param>
/// <param name="Traits">Traits, nearest first.</param>
internal sealed record CdmDataType(ImmutableArray<string> Names, ImmutableArray<CdmTrait> Traits)
{
    public string Name => Names.IsEmpty ? "" : Names[0];

    /// <summary>Total digits; null where unsaid.</summary>
    public int? Precision => Shape("precision");

    /// <summary>Digits after the point; null where unsaid.</summary>
    public int? Scale => Shape("scale");

    public bool Is(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private int? Shape(string argument) => Traits.Where(trait => trait.Name == "is.dataFormat.numeric.shaped").Select(trait => trait.Named(argument))
        .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null)
        .FirstOrDefault(number => number is not null);
}
