namespace Xrm.Metadata.FieldTypes;

/// <summary>A whole number of 64 bits.</summary>
public sealed class IntegerType : WholeNumberType
{
    /// <inheritdoc/>
    public override string Name => "integer";
}
