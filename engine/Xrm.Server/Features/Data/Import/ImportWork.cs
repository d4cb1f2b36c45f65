using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Insight;

namespace Xrm.Server.Features.Data.Import;

/// <summary>Carries out an import inside a transaction.</summary>
internal sealed class ImportWork(ManyRecords many)
{
    private const int RowsAtOnce = 1_000;
    private const int MostTold = 500;

    /// <summary>Imports a file.</summary>
    /// <exception cref="ImportUndoneException">It was only tried, or it is all or nothing and some rows are refused: the transaction must be rolled back.</exception>
    /// <exception cref="XrmException">Something is wrong that is not of single rows; the transaction must be rolled back.</exception>
    public async Task<ImportReport> RunAsync(ImportRecords command, CancellationToken ct)
    {
        var opened = command.Unit!;
        // What plugins do outside of the database could not be undone: a trial goes without.
        var unit = !command.Options.IsDryRun ? opened
            : new SaveUnit(opened.Records, opened.Caller, opened.UtcNow) { Texts = opened.Texts, Cause = opened.Cause, Origin = opened.Origin, Trace = new RuleTrace() };
        var rows = new ImportRows(command, new ImportReferences(unit.Records, new QueryContext(unit.Published, unit.Caller, unit.UtcNow)));
        await rows.LoadAsync(ct);
        var outcome = new Outcome(command);
        foreach (var lines in command.File.Rows.Chunk(RowsAtOnce))
        {
            await CreateAsync(unit, command.Request.Entity, rows, lines, outcome, ct);
            if (!command.Options.ContinuesOnError && outcome.IsFull) break;
        }
        var report = outcome.Report();
        if (command.Options.IsDryRun || (report.Refused > 0 && !command.Options.ContinuesOnError)) throw new ImportUndoneException(report);
        await command.Note(unit, report, ct);
        return report;
    }

    private async Task CreateAsync(SaveUnit unit, Entity entity, ImportRows rows, CsvLine[] lines, Outcome outcome, CancellationToken ct)
    {
        var (good, bodies) = (new List<CsvLine>(), new List<JsonElement>());
        foreach (var line in lines)
        {
            var refusals = new List<ImportRefusal>();
            if (rows.Read(line, refusals) is { } body)
            {
                good.Add(line);
                bodies.Add(body);
            }
            else outcome.Refuse(line, refusals);
        }
        var results = await many.CreateEachAsync(unit, entity, bodies, ct);
        for (var index = 0; index < good.Count; index++)
        {
            if (results[index].Refusal is { } refusal) outcome.Refuse(good[index], refusal);
            else outcome.Created++;
        }
    }

    /// <summary>Counts what became of the rows.</summary>
    private sealed class Outcome(ImportRecords command)
    {
        private readonly List<ImportRefusal> _refusals = [];
        private readonly Dictionary<string, string> _headings = Headings(command.Columns);
        private int _refused;

        public int Created { get; set; }

        public bool IsFull => _refusals.Count >= MostTold;

        public void Refuse(CsvLine line, List<ImportRefusal> refusals)
        {
            _refused++;
            _refusals.AddRange(refusals);
        }

        public void Refuse(CsvLine line, XrmException refusal) => Refuse(line, refusal.Errors.IsEmpty ? [new ImportRefusal(line.Number, null, refusal.Code, refusal.Message)]
            : [.. refusal.Errors.Select(error => new ImportRefusal(line.Number, error.Field is { } field ? _headings.GetValueOrDefault(field, field) : null, error.Code, error.Message))]);

        public ImportReport Report()
        {
            var (options, count) = (command.Options, command.File.Rows.Count);
            var isUndone = !options.IsDryRun && !options.ContinuesOnError && _refused > 0;
            var told = _refusals.OrderBy(refusal => refusal.Line).Take(MostTold).ToImmutableArray();
            return new ImportReport(options.IsDryRun || isUndone ? null : Guid.Parse(command.Request.Cause!.Id), options.IsDryRun, count, isUndone ? 0 : Created, _refused,
                Created + _refused == count, told, _refusals.Count - told.Length, command.Skipped);
        }

        // Of a lookup that has an id and a title the file names the title, as people know it.
        private static Dictionary<string, string> Headings(ImmutableArray<ImportColumn> columns)
        {
            var headings = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var column in columns) headings.TryAdd(column.Property, column.Heading);
            return headings;
        }
    }
}
