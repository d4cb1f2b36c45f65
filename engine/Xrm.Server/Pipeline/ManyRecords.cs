using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline;

/// <summary>Creates many records of one entity in a transaction that is already open, in few round trips.</summary>
internal sealed class ManyRecords(SavePipeline pipeline)
{
    private const int MostErrors = 1_000;
    private const string Place = "rows";

    /// <summary>Creates all records or none.</summary>
    /// <exception cref="XrmException">Some are refused: the errors name the rows, as <c>[12].name</c>. The transaction must be rolled back.</exception>
    public async Task<ImmutableArray<RowResult>> CreateAllAsync(SaveUnit unit, Entity entity, IReadOnlyList<JsonElement> rows, CancellationToken ct)
    {
        await ExpectAsync(unit, entity, rows, ct);
        await using var saves = new PreparedSaves(pipeline, unit);
        var errors = new List<FieldError>();
        for (var row = 0; row < rows.Count && errors.Count <= MostErrors && (errors.Count == 0 || !unit.HasUncheckedReferences); row++)
        {
            var save = SaveContext.New(unit, entity, rows[row], string.Create(CultureInfo.InvariantCulture, $"[{row}]."));
            var refused = await PrepareAsync(save, ct);
            if (refused is { Code: not (XrmException.InvalidCode or "wrong_type") }) throw refused.At(save.Path);
            if (refused is not null) errors.AddRange(refused.At(save.Path).Errors);
            // Once something is refused, nothing more needs to be written.
            else if (errors.Count == 0) await saves.AddAsync(save, ct);
        }
        if (errors.Count > MostErrors) throw XrmException.Invalid([.. errors.Take(MostErrors)], $"More than {MostErrors} values need attention. Here are the first ones.");
        if (errors.Count > 0) throw XrmException.Invalid([.. errors]);
        await saves.EndAsync(ct);
        return [.. saves.Written];
    }

    /// <summary>Creates those records that can be created, and tells of each what became of it.</summary>
    /// <exception cref="XrmException">Something is wrong that is not of single records; the transaction must be rolled back.</exception>
    public async Task<ImmutableArray<RowResult>> CreateEachAsync(SaveUnit unit, Entity entity, IReadOnlyList<JsonElement> rows, CancellationToken ct)
    {
        var results = new RowResult[rows.Count];
        if (rows.Count > 0) await CreateRangeAsync(unit, entity, rows, results, ct);
        return [.. results];
    }

    private async Task CreateRangeAsync(SaveUnit opened, Entity entity, IReadOnlyList<JsonElement> rows, Memory<RowResult> results, CancellationToken ct)
    {
        var records = opened.Records;
        await records.SaveAsync(Place, ct);
        try
        {
            await CreateGoodAsync(opened.Anew(), entity, rows, results, ct);
            await records.ReleaseAsync(Place, ct);
        }
        // What the database finds only when it writes, such as a value that must be unique: the halves find the rows at fault.
        catch (XrmException refused) when (refused.Status < 500)
        {
            await records.RollbackToAsync(Place, ct);
            await records.ReleaseAsync(Place, ct);
            if (rows.Count == 1)
            {
                results.Span[0] = new RowResult(Guid.Empty, 0, refused);
                return;
            }
            var half = rows.Count / 2;
            await CreateRangeAsync(opened, entity, [.. rows.Take(half)], results[..half], ct);
            await CreateRangeAsync(opened, entity, [.. rows.Skip(half)], results[half..], ct);
        }
    }

    private async Task CreateGoodAsync(SaveUnit unit, Entity entity, IReadOnlyList<JsonElement> rows, Memory<RowResult> results, CancellationToken ct)
    {
        await ExpectAsync(unit, entity, rows, ct);
        await using var saves = new PreparedSaves(pipeline, unit);
        var good = new List<int>(rows.Count);
        for (var row = 0; row < rows.Count; row++)
        {
            var save = SaveContext.New(unit, entity, rows[row], "");
            if (await PrepareAsync(save, ct) is { } refused)
            {
                results.Span[row] = new RowResult(Guid.Empty, 0, refused);
                continue;
            }
            good.Add(row);
            await saves.AddAsync(save, ct);
        }
        await saves.EndAsync(ct);
        for (var index = 0; index < good.Count; index++) results.Span[good[index]] = saves.Written[index];
    }

    private static Task ExpectAsync(SaveUnit unit, Entity entity, IReadOnlyList<JsonElement> rows, CancellationToken ct)
    {
        unit.Numbers.Expected = rows.Count;
        return ExpectedReferences.LoadAsync(unit, entity, rows, ct);
    }

    /// <summary>What is wrong with the record alone; null where it can be written.</summary>
    private async Task<XrmException?> PrepareAsync(SaveContext save, CancellationToken ct)
    {
        try
        {
            await pipeline.PrepareAsync(save, ct);
            return save.Errors.Count > 0 ? XrmException.Invalid([.. save.Errors]) : null;
        }
        // After an error of the database nothing works until it is rolled back.
        catch (XrmException refused) when (refused.Status < 500 && refused.InnerException is not DbException)
        {
            return refused;
        }
    }
}

/// <summary>Records that are prepared: a portion of them is written while the next one is being prepared.</summary>
internal sealed class PreparedSaves(SavePipeline pipeline, SaveUnit unit) : IAsyncDisposable
{
    // While the first portion is prepared the database waits: it is small, and each is twice as large as the one before.
    private const int FirstPortion = 100;
    private const int LargestPortion = 1_000;

    private readonly List<SaveContext> _prepared = [];
    private readonly List<RowResult> _written = [];
    private int _portion = FirstPortion;

    /// <summary>What became of all that were added, in their order; complete at the end.</summary>
    public IReadOnlyList<RowResult> Written => _written;

    /// <summary>Adds one that has no mistakes.</summary>
    public Task AddAsync(SaveContext save, CancellationToken ct)
    {
        _prepared.Add(save);
        return _prepared.Count < _portion ? Task.CompletedTask : WriteAsync(ct);
    }

    /// <summary>Writes what is left, and waits until all is written.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        await WriteAsync(ct);
        await unit.Numbers.GiveBackAsync(ct);
        await unit.Records.FlushAsync(ct);
    }

    /// <summary>Whoever undoes the transaction finds its connection free, whatever went wrong.</summary>
    public ValueTask DisposeAsync() => unit.Records.EndSendingAsync();

    private async Task WriteAsync(CancellationToken ct)
    {
        unit.Records.InsertsTogether = true;
        await pipeline.FinishAsync(unit, _prepared, ct);
        unit.Records.InsertsTogether = false;
        foreach (var save in _prepared) _written.Add(new RowResult(save.Id, save.Values.Version, null) { Messages = save.Messages });
        _prepared.Clear();
        _portion = Math.Min(_portion * 2, LargestPortion);
        await unit.Records.StartSendingAsync(ct);
    }
}

/// <summary>What became of one record among many.</summary>
/// <param name="Id">Id of the record.</param>
/// <param name="Version">Its version.</param>
/// <param name="Refusal">Why it was not saved, with fields relative to it; null where it was.</param>
internal readonly record struct RowResult(Guid Id, long Version, XrmException? Refusal)
{
    /// <summary>What rules told of it; null or empty for nothing.</summary>
    public IReadOnlyList<SaveMessage>? Messages { get; init; }
}
