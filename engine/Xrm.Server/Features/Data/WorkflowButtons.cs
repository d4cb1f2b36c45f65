using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Features.Data.Commands;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Steps;

namespace Xrm.Server.Features.Data;

/// <summary>Starts workflows by button.</summary>
internal sealed class WorkflowButtons(Database database, RecordCommands commands, StartWorkflows starter, TimeProvider time)
{
    private static readonly LoadRecord Load = new();
    private static readonly CheckRights Rights = new();

    /// <summary>Whether there is a workflow of that name for the records of an entity.</summary>
    public static bool Has(RecordRequest request, string name) => Find(request, name) is not null;

    /// <summary>Adds a run of a workflow about a record.</summary>
    /// <returns>Id of the run.</returns>
    /// <exception cref="XrmException">404: there is no such action or record; 403: the caller may not start it; 409: it is not offered in the record's present state.</exception>
    public Task<Guid> StartAsync(RecordRequest request, RecordKey key, string name, CancellationToken ct)
    {
        var (caller, published, entity, _) = request;
        var workflow = Find(request, name) ?? throw new XrmException("action_unknown", 404, $"{entity.Label} has no action {name}.");
        if (!caller.HasAny(workflow.Source.Trigger.Roles)) throw XrmException.Forbidden($"None of your roles may start {name}.");
        return request.Transaction is { } open ? AddAsync(open, ct) : database.InRecordTransactionAsync(AddAsync, published, caller.TimeLimit, ct);

        async Task<Guid> AddAsync(RecordTransaction records, CancellationToken ct)
        {
            var unit = new SaveUnit(records, caller, time.GetUtcNow().UtcDateTime);
            var recordId = await commands.FindAsync(unit, entity, key, ct);
            var record = new SaveContext(unit, Operation.Update, entity, recordId);
            await Load.RunAsync(record, ct);
            await Rights.RunAsync(record, ct);
            if (!await StartWorkflows.HoldsAsync(workflow.When, record, ct))
                throw new XrmException("action_not_offered", 409, $"{name} cannot be started in the present state of this {entity.Label}.");
            return await starter.AddAsync(unit, workflow, recordId, deletedRecord: null, ct);
        }
    }

    private static Workflow? Find(RecordRequest request, string name) =>
        request.Published.Model.Workflows.FirstOrDefault(one => one.Entity == request.Entity && one.Source.Name == name && one.Source.Trigger.On.Contains("button"));
}
