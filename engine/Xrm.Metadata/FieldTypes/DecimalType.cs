namespace Xrm.Metadata.FieldTypes;

/// <summary>An exact decimal number; 19 digits, 2 of them after the point, where <c>precision</c> and <c>scale</c> are unsaid.</summary>
public sealed class DecimalType : ExactNumberType
{
    /// <inheritdoc/>
    public override string Name => "decimal";
}
