using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Source code in the programming <c>language</c> that the field says. <c>maxLength</c> as for multiline.</summary>
public sealed class CodeType : TextFieldType
{
    /// <inheritdoc/>
    public override string Name => "code";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 100_000;

    /// <inheritdoc/>
    protected override bool IsWords => false;

    /// <inheritdoc/>
    protected override int LargestMaxLength => 1_073_741_823;

    /// <inheritdoc/>
    protected override bool IsSingleLine => false;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["maxLength", "language"];
}
