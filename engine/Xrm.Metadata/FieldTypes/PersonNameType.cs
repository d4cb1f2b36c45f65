using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>The name of a person in its parts: <c>title</c>, <c>first</c>, <c>middle</c>, <c>last</c>, <c>suffix</c>, each of up to 100 characters.</summary>
public sealed class PersonNameType : CompositeTextType
{
    /// <inheritdoc/>
    public override string Name => "person_name";

    /// <inheritdoc/>
    protected override ImmutableArray<(string Name, int MaxLength)> Parts { get; } = [("title", 100), ("first", 100), ("middle", 100), ("last", 100), ("suffix", 100)];

    /// <inheritdoc/>
    protected override string Join(Func<string, string?> part) =>
        JoinPresent(" ", part("title"), part("first"), part("middle"), part("last"), part("suffix"));
}
