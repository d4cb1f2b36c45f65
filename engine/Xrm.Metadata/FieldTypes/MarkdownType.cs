namespace Xrm.Metadata.FieldTypes;

/// <summary>Markdown, stored as written; whoever shows it makes its HTML harmless. <c>maxLength</c> as for multiline.</summary>
public sealed class MarkdownType : TextFieldType
{
    /// <inheritdoc/>
    public override string Name => "markdown";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 100_000;

    /// <inheritdoc/>
    protected override int LargestMaxLength => 1_073_741_823;

    /// <inheritdoc/>
    protected override bool IsSingleLine => false;
}
