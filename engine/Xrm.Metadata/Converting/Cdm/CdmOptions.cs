namespace Xrm.Metadata.Converting.Cdm;

/// <summary>What to make of Common Data Model documents.</summary>
/// <param name="Package">Name of the package.</param>
/// <param name="Prefix">What every entity's name begins with, so that the package can be published beside others with an account or a user of their own; may be empty.</param>
public sealed record CdmOptions(string Package, string Prefix = "cdm_");
