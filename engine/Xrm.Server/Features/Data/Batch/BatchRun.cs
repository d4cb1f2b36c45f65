using System.Collections.Immutable;
using Xrm.Data.Records;

namespace Xrm.Server.Features.Data.Batch;

/// <summary>A batch on its way: which requests failed, and what that means for later ones.</summary>
internal sealed class BatchRun(ImmutableArray<BatchRequest> requests, BatchDispatcher dispatcher, bool continuesOnError)
{
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    /// <summary>All requests.</summary>
    public ImmutableArray<BatchRequest> Requests => requests;

    /// <summary>How many requests from there on belong together.</summary>
    public int GroupLength(int first) => requests[first].Group is { } group ? requests.Skip(first).TakeWhile(request => request.Group == group).Count() : 1;

    /// <summary>Answers for requests that cannot be sent any more; null where they can.</summary>
    public async Task<IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)>?> SkipAsync(int first, int count)
    {
        var group = requests.AsSpan(first, count).ToArray();
        if (!continuesOnError && _failed.Count > 0) return await SkipAsync(group, "Not done, because an earlier request of the batch failed. Prefer: odata.continue-on-error goes on.");
        var cause = group.SelectMany(request => request.DependsOn).FirstOrDefault(_failed.Contains);
        return cause is null ? null : await SkipAsync(group, $"Not done, because {cause} failed.");
    }

    /// <summary>Sends requests one after the other; those of a transaction up to the first that fails.</summary>
    public async Task<IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)>> SendAsync(int first, int count, RecordTransaction? transaction)
    {
        var answers = new List<(BatchRequest, BatchAnswer)>();
        for (var index = first; index < first + count; index++)
        {
            var request = requests[index];
            var answer = answers.Count > 0 && !answers[^1].Item2.IsSuccess ? await dispatcher.SkipAsync(Undone) : await dispatcher.SendAsync(request, transaction);
            if (answer.IsSuccess) dispatcher.Remember(request, answer);
            else Fail(request);
            answers.Add((request, answer));
        }
        return answers;
    }

    /// <summary>The answers of a group that was undone: only the one at fault says why.</summary>
    public async Task<IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)>> UndoneAsync(IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)> answers)
    {
        var undone = new List<(BatchRequest, BatchAnswer)>();
        foreach (var (request, answer) in answers)
        {
            Fail(request);
            undone.Add((request, answer.IsSuccess ? await dispatcher.SkipAsync(Undone) : answer));
        }
        return undone;
    }

    private const string Undone = "Not done, because another request of its group failed.";

    private async Task<IReadOnlyList<(BatchRequest Request, BatchAnswer Answer)>> SkipAsync(IEnumerable<BatchRequest> group, string why)
    {
        var answers = new List<(BatchRequest, BatchAnswer)>();
        foreach (var request in group)
        {
            Fail(request);
            answers.Add((request, await dispatcher.SkipAsync(why)));
        }
        return answers;
    }

    private void Fail(BatchRequest request)
    {
        _failed.Add(request.Id);
        if (request.Group is not null) _failed.Add(request.Group);
    }
}
