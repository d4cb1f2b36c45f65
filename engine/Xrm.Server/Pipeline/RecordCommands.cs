using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline.Steps;

namespace Xrm.Server.Pipeline;

/// <summary>Saves records in a transaction that is already open: for the data API, starter data, package tests, workflows and plugins alike.</summary>
internal sealed class RecordCommands(SavePipeline pipeline)
{
    /// <summary>Creates a record with the given values, by API property.</summary>
    /// <exception cref="XrmException">It is refused; the transaction must be rolled back.</exception>
    public Task<SaveContext> CreateAsync(SaveUnit unit, Entity entity, JsonElement body, CancellationToken ct) =>
        RunAsync(SaveContext.New(unit, entity, body, ""), ct);

    /// <summary>Changes the given values of a record.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="entity">The record's entity.</param>
    /// <param name="id">The record.</param>
    /// <param name="body">The new values, by API property.</param>
    /// <param name="version">Version that is meant; null for any.</param>
    /// <param name="ct">Cancels the save.</param>
    /// <exception cref="XrmException">It is refused; the transaction must be rolled back.</exception>
    public Task<SaveContext> UpdateAsync(SaveUnit unit, Entity entity, Guid id, JsonElement body, long? version, CancellationToken ct) =>
        RunAsync(new SaveContext(unit, Operation.Update, entity, id) { Body = body, ExpectedVersion = version }, ct);

    /// <summary>Changes the given values of a record, or creates it with them where it is not there.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="entity">The record's entity.</param>
    /// <param name="key">The record.</param>
    /// <param name="body">The values, by API property.</param>
    /// <param name="condition">What must hold before.</param>
    /// <param name="ct">Cancels the save.</param>
    /// <exception cref="XrmException">It is refused; the transaction must be rolled back. <c>not_unique</c> can mean that somebody has just created the record: try again.</exception>
    public async Task<SaveContext> UpsertAsync(SaveUnit unit, Entity entity, RecordKey key, JsonElement body, Precondition condition, CancellationToken ct)
    {
        var mayCreate = unit.Caller.Can(entity, Operation.Create);
        if (condition.MustBeNew && !mayCreate) throw XrmException.Forbidden($"You may not create {entity.PluralLabel}.");
        if (await LoadAsync(unit, entity, key, body, ct) is { } previous)
        {
            if (condition.MustBeNew) throw new XrmException("record_exists", 412, $"There is already such a {entity.Label}.");
            return await RunAsync(new SaveContext(unit, Operation.Update, entity, previous.Id) { Body = body, ExpectedVersion = condition.Version, Previous = previous }, ct);
        }
        if (condition.MustExist || !mayCreate) throw key.NotFound();
        return await CreateAsync(unit, entity, key.Complete(body), ct);
    }

    /// <summary>Nobody else is expected to change the record meanwhile; where others depend on it they must not either, so that it is locked.</summary>
    private static Task<RecordValues?> LoadAsync(SaveUnit unit, Entity entity, RecordKey key, JsonElement body, CancellationToken ct) =>
        unit.IsOptimistic && !unit.Records.HasBegun && entity.FeedsRollups.IsEmpty && !HasSets(entity, body)
            ? RecordLoader.LoadInHopeAsync(unit.Records, entity, key.Values, ct)
            : RecordLoader.LoadForUpdateAsync(unit.Records, entity, key.Values, ct);

    private static bool HasSets(Entity entity, JsonElement body) => body.ValueKind == JsonValueKind.Object
        && body.EnumerateObject().Any(property => property.Value.ValueKind == JsonValueKind.Array && entity.FindField(property.Name) is { Child: not null });

    /// <summary>The id of the record that a key names.</summary>
    /// <exception cref="XrmException">404: there is none.</exception>
    public async Task<Guid> FindAsync(SaveUnit unit, Entity entity, RecordKey key, CancellationToken ct) =>
        key.Id ?? (await RecordLoader.LoadForUpdateAsync(unit.Records, entity, key.Values, ct))?.Id ?? throw key.NotFound();

    /// <summary>Deletes a record, or moves it to the recycle bin where its entity has one.</summary>
    /// <exception cref="XrmException">It is refused; the transaction must be rolled back.</exception>
    public Task<SaveContext> DeleteAsync(SaveUnit unit, Entity entity, Guid id, long? version, CancellationToken ct) =>
        RunAsync(new SaveContext(unit, Operation.Delete, entity, id) { ExpectedVersion = version }, ct);

    /// <summary>Brings a record back from the recycle bin, with what went there together with it.</summary>
    /// <exception cref="XrmException">404: it does not lie there, or the caller may not see it; or it is refused. The transaction must be rolled back.</exception>
    public async Task<SaveContext> RestoreAsync(SaveUnit unit, Entity entity, RecordKey key, long? version, CancellationToken ct)
    {
        var deleted = await LoadDeletedAsync(unit, entity, key, ct);
        return await RunAsync(new SaveContext(unit, Operation.Update, entity, deleted.Id) { ExpectedVersion = version, IsRestored = true, Previous = deleted }, ct);
    }

    /// <summary>Removes a record in the recycle bin for good, with what belongs to it.</summary>
    /// <exception cref="XrmException">404: it does not lie there, or the caller may not see it; or it is refused. The transaction must be rolled back.</exception>
    public async Task<SaveContext> PurgeAsync(SaveUnit unit, Entity entity, RecordKey key, long? version, CancellationToken ct)
    {
        var deleted = await LoadDeletedAsync(unit, entity, key, ct);
        return await RunAsync(new SaveContext(unit, Operation.Delete, entity, deleted.Id) { ExpectedVersion = version, IsPurged = true, Previous = deleted }, ct);
    }

    /// <summary>Sends a record through a transition of its lifecycle, with values that change along the way.</summary>
    /// <exception cref="XrmException">It is refused; the transaction must be rolled back.</exception>
    public Task<SaveContext> TransitionAsync(SaveUnit unit, Transition transition, (Entity Entity, Guid Id, long? Version) record, JsonElement body, CancellationToken ct) =>
        RunAsync(new SaveContext(unit, Operation.Update, record.Entity, record.Id) { Body = body, ExpectedVersion = record.Version, Transition = transition }, ct);

    /// <summary>Runs an action about a record: a change of it that its script makes, and that all rules of a change follow.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="action">The action.</param>
    /// <param name="record">The record, and the version that the client means; null where it does not say.</param>
    /// <param name="parameters">What <see cref="Scripts.ActionParameters"/> has read.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <exception cref="XrmException">403 where none of the caller's roles may run it, or the save is refused; the transaction must be rolled back.</exception>
    public Task<SaveContext> ActAsync(SaveUnit unit, ScriptAction action, (Entity Entity, Guid Id, long? Version) record, JsonElement parameters, CancellationToken ct)
    {
        CheckRights.MayRun(unit.Caller, action);
        return RunAsync(new SaveContext(unit, Operation.Update, record.Entity, record.Id) { ExpectedVersion = record.Version, Action = new ActionCall(action, parameters) }, ct);
    }

    // Keys do not count what lies in the recycle bin: it goes by its id alone.
    private static async Task<RecordValues> LoadDeletedAsync(SaveUnit unit, Entity entity, RecordKey key, CancellationToken ct) =>
        entity.HasRecycleBin && key.Id is { } id && await RecordLoader.LoadDeletedForUpdateAsync(unit.Records, entity, id, ct) is { } deleted ? deleted : throw key.NotFound();

    private async Task<SaveContext> RunAsync(SaveContext save, CancellationToken ct)
    {
        await pipeline.RunAsync(save, ct);
        return save;
    }
}
