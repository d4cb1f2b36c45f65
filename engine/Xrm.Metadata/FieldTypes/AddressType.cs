using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A postal address in its parts: <c>street</c>, <c>street2</c>, <c>city</c>, <c>region</c>, <c>postal_code</c>, <c>country</c>.</summary>
public sealed class AddressType : CompositeTextType
{
    /// <inheritdoc/>
    public override string Name => "address";

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => [.. base.Refuses, "index"];

    /// <inheritdoc/>
    protected override ImmutableArray<(string Name, int MaxLength)> Parts { get; } =
        [("street", 250), ("street2", 250), ("city", 100), ("region", 100), ("postal_code", 30), ("country", 100)];

    /// <inheritdoc/>
    protected override string Join(Func<string, string?> part) => JoinPresent(", ",
        part("street"), part("street2"), JoinPresent(" ", part("postal_code"), part("city")), part("region"), part("country"));
}
