namespace Xrm.Server.Features.Data.Batch;

/// <summary>The answer to a batch, in the form of its request.</summary>
internal interface IBatchAnswers
{
    /// <summary>Writes what stands before all answers.</summary>
    void Begin();

    /// <summary>Writes the answers to one request, or to those of a group.</summary>
    /// <param name="answers">In the order of the requests.</param>
    /// <param name="ct">Ends the sending.</param>
    Task WriteAsync(IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)> answers, CancellationToken ct);

    /// <summary>Writes what stands behind all answers.</summary>
    Task EndAsync(CancellationToken ct);
}
