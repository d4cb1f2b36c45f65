namespace Xrm.Metadata.FieldTypes;

/// <summary>A line of text. <c>maxLength</c> 500 where unsaid, 4,000 at most.</summary>
public sealed class TextType : TextFieldType
{
    /// <inheritdoc/>
    public override string Name => "text";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 500;

    /// <inheritdoc/>
    protected override int LargestMaxLength => 4_000;
}
