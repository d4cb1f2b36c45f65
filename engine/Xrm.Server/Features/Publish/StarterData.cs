using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Xrm.Server.Pipeline;
using Entity = Xrm.Metadata.Compiled.Entity;
using SourceRows = Xrm.Metadata.Source.StarterData;

namespace Xrm.Server.Features.Publish;

/// <summary>Brings the starter rows of packages into the database, by their keys, through the same pipeline as every other save.</summary>
internal sealed class StarterData(RecordCommands commands, TimeProvider time)
{
    /// <summary>Inserts rows that are not there; updates those that are where the file says so.</summary>
    /// <param name="records">The publish's transaction, over the new model; flushed at the end.</param>
    /// <param name="packages">The packages whose rows are wanted, in dependency order.</param>
    /// <param name="ct">Cancels the work.</param>
    /// <returns>What is wrong with rows; the transaction must then be rolled back.</returns>
    public async Task<IReadOnlyList<Problem>> ApplyAsync(RecordTransaction records, IEnumerable<Package> packages, CancellationToken ct)
    {
        var run = new StarterRun(commands, records, time.GetUtcNow().UtcDateTime);
        foreach (var package in packages)
        {
            await run.ApplyAsync(package, ct);
            if (run.Problems.Count > 0) break;
        }
        if (run.Problems.Count == 0) await records.FlushAsync(ct);
        return run.Problems;
    }
}

/// <summary>One run over the starter rows.</summary>
internal sealed class StarterRun
{
    private const int MostProblems = 50;
    private readonly RecordCommands _commands;
    private readonly RecordTransaction _records;
    private readonly DateTime _utcNow;
    private readonly StarterReferences _references;
    private readonly RowBody _bodies;

    public StarterRun(RecordCommands commands, RecordTransaction records, DateTime utcNow)
    {
        (_commands, _records, _utcNow) = (commands, records, utcNow);
        _references = new StarterReferences(records);
        _bodies = new RowBody(_references.FindAsync);
    }

    public List<Problem> Problems { get; } = [];

    private Model Model => _records.Published.Model;

    public async Task ApplyAsync(Package package, CancellationToken ct)
    {
        // Exchange rates come first: amounts in other currencies get their base amount from them.
        var files = new StarterOrder(Model, package.Data).Files.OrderBy(file => file.Value.Entity == Model.Currencies?.Entity ? 0 : 1);
        var unit = new SaveUnit(_records, Caller.System, _utcNow)
        {
            Cause = new SaveCause("starter", $"{package.Manifest.Name} {package.Manifest.Version}"),
            PublishesEvents = false,
            DefersRollups = true,
        };
        var waiting = files.SelectMany(file => file.Value.Rows.Select((row, index) => new StarterRow(file, index, row))).ToList();
        // Rows may point to rows of files and lines that come later: they wait for the next round, as long as rounds get us on.
        for (var before = int.MaxValue; waiting.Count > 0 && waiting.Count < before && Problems.Count == 0;)
        {
            before = waiting.Count;
            waiting = await RoundAsync(unit, waiting, ct);
        }
        if (Problems.Count > 0) return;
        await unit.Rollups.RecomputeAsync([], ct);
        foreach (var row in waiting.Take(MostProblems))
            Problems.Add(new Problem("starter_reference_unknown", row.At(row.Unresolved[0]), $"No record has the values that {row.Unresolved[0]} names.", "Correct the values, or add a starter row that has them."));
    }

    private async Task<List<StarterRow>> RoundAsync(SaveUnit unit, List<StarterRow> rows, CancellationToken ct)
    {
        var later = new List<StarterRow>();
        foreach (var row in rows)
        {
            if (Model.FindEntity(row.File.Value.Entity) is not { } entity) continue;
            var (body, unresolved) = await _bodies.BuildAsync(entity, row.Values, ct);
            if (unresolved.Count > 0) later.Add(row with { Unresolved = unresolved });
            else if (!await SaveAsync(unit, entity, row, body, ct)) break;
        }
        return later;
    }

    private async Task<bool> SaveAsync(SaveUnit unit, Entity entity, StarterRow row, JsonElement body, CancellationToken ct)
    {
        try
        {
            var existing = await _references.FindByKeyAsync(entity, row.File.Value.Key, body, ct);
            if (existing is null) _references.Add(entity, row.File.Value.Key, body, (await _commands.CreateAsync(unit, entity, body, ct)).Id);
            else if (row.File.Value.Existing == "update") await _commands.UpdateAsync(unit, entity, existing.Value, body, null, ct);
            return true;
        }
        catch (XrmException refused)
        {
            foreach (var error in refused.Errors.DefaultIfEmpty(new FieldError(null, refused.Code, refused.Message)))
                Problems.Add(new Problem("starter_row_refused", row.At(entity.FindColumn(error.Field ?? "")?.Field.Name ?? error.Field), error.Message, "Correct the row."));
            return false;
        }
    }
}

/// <summary>A row and where it stands.</summary>
internal sealed record StarterRow(InFile<SourceRows> File, int Index, IReadOnlyDictionary<string, JsonElement> Values)
{
    public IReadOnlyList<string> Unresolved { get; init; } = [];

    public SourceLocation At(string? field) => File.At(field is null ? $"$.rows[{Index}]" : $"$.rows[{Index}].{field}");
}
