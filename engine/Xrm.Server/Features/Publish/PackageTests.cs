using System.Collections.Immutable;
using Xrm.Data.Outbox;
using Xrm.Data.Records;
using Xrm.Data.Workflows;
using Xrm.Metadata.Source;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Scripts;

namespace Xrm.Server.Features.Publish;

/// <summary>Runs the tests of packages against the new model, each in a part of the transaction that is rolled back.</summary>
internal sealed class PackageTests(RecordCommands commands, ScriptTrial scripts, WorkflowRunStore workflows, MailStore mails, TimeProvider time)
{
    private const string Mark = "xrm_test";

    /// <summary>Runs tests.</summary>
    /// <param name="records">A transaction over the new model. After the call it is as before.</param>
    /// <param name="packages">The packages whose tests are wanted.</param>
    /// <param name="isWanted">Which of their tests.</param>
    /// <param name="ct">Cancels the run.</param>
    /// <returns>One outcome per test, in the order of the files.</returns>
    public async Task<ImmutableArray<PackageTestOutcome>> RunAsync(RecordTransaction records, IEnumerable<Package> packages, Func<TestCase, bool> isWanted, CancellationToken ct)
    {
        var outcomes = ImmutableArray.CreateBuilder<PackageTestOutcome>();
        foreach (var package in packages)
            foreach (var file in package.Tests)
                foreach (var (index, test) in file.Value.Tests.Index().Where(each => isWanted(each.Item)))
                {
                    var started = time.GetTimestamp();
                    await records.SaveAsync(Mark, ct);
                    var differences = await new PackageTestRun(commands, scripts, workflows, mails, records, time.GetUtcNow().UtcDateTime, test).RunAsync(ct);
                    await records.RollbackToAsync(Mark, ct);
                    var place = differences.IsEmpty ? $"$.tests[{index}]" : $"$.tests[{index}].{differences[0].Path}";
                    outcomes.Add(new PackageTestOutcome(test.Name, file.At(place), differences, time.GetElapsedTime(started)));
                }
        return outcomes.ToImmutable();
    }
}
