namespace Xrm.Metadata.FieldTypes;

/// <summary>Text of several lines. <c>maxLength</c> 100,000 where unsaid; at most what PostgreSQL holds in a value.</summary>
public sealed class MultilineType : TextFieldType
{
    /// <inheritdoc/>
    public override string Name => "multiline";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 100_000;

    /// <inheritdoc/>
    protected override int LargestMaxLength => 1_073_741_823;

    /// <inheritdoc/>
    protected override bool IsSingleLine => false;
}
