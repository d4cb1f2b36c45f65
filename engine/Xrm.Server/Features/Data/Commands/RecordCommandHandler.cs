using System.Collections.Immutable;
using MediatR;
using Xrm.Data.Access;
using Xrm.Server.Features.Data.Import;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Scripts;

namespace Xrm.Server.Features.Data.Commands;

/// <summary>Carries commands out, inside the transaction that the behaviours have opened.</summary>
internal sealed class RecordCommandHandler(RecordCommands records, ManyRecords many, ImportWork imports) :
    IRequestHandler<CreateRecord, SavedRecord>, IRequestHandler<UpsertRecord, SavedRecord>,
    IRequestHandler<DeleteRecord, SavedRecord>, IRequestHandler<TransitionRecord, SavedRecord>,
    IRequestHandler<RestoreRecord, SavedRecord>, IRequestHandler<RunAction, SavedRecord>, IRequestHandler<CreateRecords, ImmutableArray<RowResult>>, IRequestHandler<ImportRecords, ImportReport>
{
    public async Task<SavedRecord> Handle(CreateRecord command, CancellationToken cancellationToken) =>
        await SavedAsync(await records.CreateAsync(command.Unit!, command.Request.Entity, command.Body, cancellationToken), cancellationToken);

    public Task<ImmutableArray<RowResult>> Handle(CreateRecords command, CancellationToken cancellationToken) => command.ContinuesOnError
        ? many.CreateEachAsync(command.Unit!, command.Request.Entity, command.Bodies, cancellationToken)
        : many.CreateAllAsync(command.Unit!, command.Request.Entity, command.Bodies, cancellationToken);

    public Task<ImportReport> Handle(ImportRecords command, CancellationToken cancellationToken) => imports.RunAsync(command, cancellationToken);

    public async Task<SavedRecord> Handle(UpsertRecord command, CancellationToken cancellationToken) =>
        await SavedAsync(await records.UpsertAsync(command.Unit!, command.Request.Entity, command.Key, command.Body, command.Condition, cancellationToken), cancellationToken);

    public async Task<SavedRecord> Handle(DeleteRecord command, CancellationToken cancellationToken)
    {
        var (unit, entity) = (command.Unit!, command.Request.Entity);
        if (command.IsPurged) return await SavedAsync(await records.PurgeAsync(unit, entity, command.Key, command.Version, cancellationToken), cancellationToken);
        return await SavedAsync(await records.DeleteAsync(unit, entity, await records.FindAsync(unit, entity, command.Key, cancellationToken), command.Version, cancellationToken), cancellationToken);
    }

    public async Task<SavedRecord> Handle(RestoreRecord command, CancellationToken cancellationToken) =>
        await SavedAsync(await records.RestoreAsync(command.Unit!, command.Request.Entity, command.Key, command.Version, cancellationToken), cancellationToken);

    public async Task<SavedRecord> Handle(TransitionRecord command, CancellationToken cancellationToken)
    {
        var (unit, entity) = (command.Unit!, command.Request.Entity);
        var id = await records.FindAsync(unit, entity, command.Key, cancellationToken);
        return await SavedAsync(await records.TransitionAsync(unit, command.Transition, (entity, id, command.Version), command.Body, cancellationToken), cancellationToken);
    }

    public async Task<SavedRecord> Handle(RunAction command, CancellationToken cancellationToken)
    {
        var (unit, entity, action) = (command.Unit!, command.Request.Entity, command.Action);
        var parameters = ActionParameters.Read(action, command.Body);
        var id = await records.FindAsync(unit, entity, command.Key, cancellationToken);
        return await SavedAsync(await records.ActAsync(unit, action, (entity, id, command.Version), parameters, cancellationToken), cancellationToken);
    }

    private static async Task<SavedRecord> SavedAsync(SaveContext save, CancellationToken ct) =>
        new(save.Values, save.IsNew, await save.Unit.Rights.ReachesAsync(Operation.Read, save.Entity, save.Values, save.Shares, ct), save.Messages) { ActionResult = save.ActionResult };
}
