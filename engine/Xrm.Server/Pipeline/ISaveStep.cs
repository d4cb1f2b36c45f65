namespace Xrm.Server.Pipeline;

/// <summary>One step of a save.</summary>
internal interface ISaveStep
{
    /// <summary>Does the step for one record. Mistakes of the sender are noted in the context; whatever is thrown ends the save.</summary>
    Task RunAsync(SaveContext save, CancellationToken ct);
}
