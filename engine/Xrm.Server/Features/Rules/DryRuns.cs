using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Server.OData;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Rules;

/// <summary>
/// Tries a rule or a changed formula on real records, and says what would become of them. A call goes on for a bounded time and tells where the next
/// begins: whoever asks shows progress in between, and ends it by not asking on.
/// </summary>
internal sealed class DryRuns(Database database, RuleVariants variants, RecordReader reader, SavePipeline pipeline, TimeProvider time)
{
    private const int UsualLimit = 1000, HighestLimit = 5000, Portion = 100, MostSamples = 20;
    private static readonly TimeSpan GoodTime = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(25);

    /// <summary>Tries records.</summary>
    /// <exception cref="XrmException">400: the request or its filter is not understood; 404: there is no such rule.</exception>
    public async Task<DryRunAnswer> RunAsync(DryRunRequest request, Caller caller, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var limit = request.Limit ?? UsualLimit;
        if (limit is < 1 or > HighestLimit) throw XrmException.Invalid([new FieldError("limit", "out_of_range", $"The limit must be between 1 and {HighestLimit}.")]);
        var (variant, problems) = await variants.MakeAsync(request.Change, ct);
        if (variant is null) return new DryRunAnswer(0, 0, 0, 0, 0, null, Elapsed(started), [], [.. problems.Select(ProblemView.Of)]);
        if (variant.Rule is { IsAfter: true } after) throw XrmException.Invalid([new FieldError("rule", "runs_after", $"{after.Entity.Name}.{after.Name} runs when the save is over. Trace a save to try it.")]);
        var query = ODataUrl.Parse(request.Filter is { Length: > 0 } filter ? $"?$filter={Uri.EscapeDataString(filter)}" : "") with { IsWhole = true };
        // Found and loaded as the tables are, which the changed model may want otherwise.
        var context = new QueryContext(variant.Present, caller, time.GetUtcNow().UtcDateTime);
        var present = variant.Present.Model.FindEntity(variant.Entity.Name)!;
        var total = await reader.CountAsync(QueryPlan.For(present.Plural, query, context), ct);
        var trial = new RecordTrial(variant, RecordTrial.OperationOf(variant, request.Operation), pipeline, caller, context.UtcNow);
        return await Trial.RunAsync(database, variant.Present, Longest, async (records, ct) =>
        {
            var tried = ReferenceEquals(variant.Published, variant.Present) ? records : new RecordTransaction(await records.BeginAsync(ct), records.Schema, variant.Published);
            var (counted, position, isEnd) = (new Tally(), request.After, false);
            while (!isEnd && counted.Examined < limit && time.GetElapsedTime(started) < GoodTime)
            {
                var most = Math.Min(Portion, limit - counted.Examined);
                var ids = await RecordReader.IdsAsync(QueryPlan.For(present.Plural, Next(query, position, most), context), records, ct);
                foreach (var values in (await RecordLoader.LoadAsync(records, present, ids, ct)).OrderBy(values => ids.IndexOf(values.Id)))
                    counted.Add(await trial.RunAsync(tried, values, ct));
                (position, isEnd) = (ids.Count > 0 ? ids[^1] : position, ids.Count < most);
            }
            return new DryRunAnswer(total, counted.Examined, counted.Changed, counted.Refused, counted.Failed, isEnd ? null : position, Elapsed(started), [.. counted.Samples], []);
        }, ct);
    }

    private double Elapsed(long started) => time.GetElapsedTime(started).TotalMilliseconds;

    private static DataQuery Next(DataQuery query, Guid? after, int most)
    {
        QueryNode? filter = query.Filter;
        if (after is { } position)
        {
            var beyond = new BinaryNode(BinaryOperator.Greater, new PathNode(["id"], 1), new LiteralNode(LiteralKind.Uuid, position, 1), 1);
            filter = filter is null ? beyond : new BinaryNode(BinaryOperator.And, filter, beyond, 1);
        }
        return query with { Filter = filter, Select = [new NameNode("id", 1)], OrderBy = [new OrderItem(new PathNode(["id"], 1), Descending: false)], Top = most };
    }

    /// <summary>What came of the records so far.</summary>
    private sealed class Tally
    {
        public int Examined { get; private set; }

        public int Changed { get; private set; }

        public int Refused { get; private set; }

        public int Failed { get; private set; }

        public List<SampleView> Samples { get; } = [];

        public void Add(SampleView? sample)
        {
            Examined++;
            if (sample is null) return;
            if (sample.Outcome == "changed") Changed++;
            else if (sample.Outcome == "refused") Refused++;
            else Failed++;
            if (Samples.Count < MostSamples) Samples.Add(sample);
        }
    }
}
