using MediatR;
using Xrm.Data.Access;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Steps;

namespace Xrm.Server.Features.Data.Commands;

/// <summary>Carries commands out, inside the transaction that the behaviours have opened.</summary>
internal sealed class RecordCommandHandler(RecordCommands records) :
    IRequestHandler<CreateRecord, SavedRecord>, IRequestHandler<UpdateRecord, SavedRecord>,
    IRequestHandler<DeleteRecord, SavedRecord>, IRequestHandler<TransitionRecord, SavedRecord>
{
    public async Task<SavedRecord> Handle(CreateRecord command, CancellationToken cancellationToken) =>
        Saved(await records.CreateAsync(command.Unit!, command.Request.Entity, command.Body, cancellationToken));

    public async Task<SavedRecord> Handle(UpdateRecord command, CancellationToken cancellationToken) =>
        Saved(await records.UpdateAsync(command.Unit!, command.Request.Entity, command.Id, command.Body, command.Version, cancellationToken));

    public async Task<SavedRecord> Handle(DeleteRecord command, CancellationToken cancellationToken) =>
        Saved(await records.DeleteAsync(command.Unit!, command.Request.Entity, command.Id, command.Version, cancellationToken));

    public async Task<SavedRecord> Handle(TransitionRecord command, CancellationToken cancellationToken) =>
        Saved(await records.TransitionAsync(command.Unit!, command.Transition, (command.Request.Entity, command.Id, command.Version), command.Body, cancellationToken));

    private static SavedRecord Saved(SaveContext save) =>
        new(save.Values, CheckRights.Reaches(save.Unit.Caller, Operation.Read, save.Entity, save.Values));
}
