namespace Xrm.Metadata.FieldTypes;

/// <summary>A percentage: 25.5 is 25.5 %. Digits as for decimal.</summary>
public sealed class PercentType : ExactNumberType
{
    /// <inheritdoc/>
    public override string Name => "percent";
}
