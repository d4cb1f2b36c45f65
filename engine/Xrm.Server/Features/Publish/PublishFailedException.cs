using System.Collections.Immutable;
using Xrm.Data.Publishing;
using Xrm.Metadata;

namespace Xrm.Server.Features.Publish;

/// <summary>Starter rows or package tests stand in the way of a publish. Thrown inside its transaction, which it undoes.</summary>
internal sealed class PublishFailedException(PublishPlan plan, ImmutableArray<Problem> problems) : Exception(string.Join('\n', problems.Select(problem => problem.ToString())))
{
    public PublishPlan Plan { get; } = plan;

    public ImmutableArray<Problem> Problems { get; } = problems;
}
