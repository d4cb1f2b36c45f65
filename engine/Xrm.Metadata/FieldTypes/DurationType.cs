namespace Xrm.Metadata.FieldTypes;

/// <summary>A length of time in whole seconds; <c>min</c> and <c>max</c> are in seconds, too.</summary>
public sealed class DurationType : WholeNumberType
{
    /// <inheritdoc/>
    public override string Name => "duration";
}
