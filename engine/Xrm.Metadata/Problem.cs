namespace Xrm.Metadata;

/// <summary>A mistake in metadata, located so that its author can go straight to it.</summary>
/// <param name="Code">Stable identifier such as <c>field_type_unknown</c>; documented in the metadata reference, never reused.</param>
/// <param name="Location">Where the mistake is.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="Remedy">What would be right.</param>
public sealed record Problem(string Code, SourceLocation Location, string Message, string Remedy)
{
    /// <summary>The problem on one line: <c>entities/contract.json:14 $.fields[3].type field_type_unknown: message Remedy</c>.</summary>
    public override string ToString() => $"{Location} {Code}: {Message} {Remedy}";
}
