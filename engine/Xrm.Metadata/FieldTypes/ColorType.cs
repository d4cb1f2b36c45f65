using System.Buffers;
using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A colour as <c>#rrggbb</c>, stored in lower case.</summary>
public sealed class ColorType : TextFieldType
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <inheritdoc/>
    public override string Name => "color";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 7;

    /// <inheritdoc/>
    protected override bool IsWords => false;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => [];

    /// <inheritdoc/>
    protected override ReadResult Normalise(string text) =>
        text.Length == 7 && text[0] == '#' && text.AsSpan(1).IndexOfAnyExcept(HexDigits) < 0 ? new(text.ToLowerInvariant()) : ValueErrors.Color();
}
