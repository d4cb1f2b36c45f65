namespace Xrm.Metadata.FieldTypes;

/// <summary>The text of a barcode or QR code. <c>maxLength</c> 200 where unsaid, 2,000 at most.</summary>
public sealed class BarcodeType : TextFieldType
{
    /// <inheritdoc/>
    public override string Name => "barcode";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 200;

    /// <inheritdoc/>
    protected override bool IsWords => false;

    /// <inheritdoc/>
    protected override int LargestMaxLength => 2_000;

    /// <inheritdoc/>
    protected override ReadResult Normalise(string text) => new(text.Trim());
}
