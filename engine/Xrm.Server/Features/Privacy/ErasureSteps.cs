using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Privacy;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Privacy;

/// <summary>
/// Erases single records: through the ordinary pipeline, so that rollups, formulas and files follow, and then wherever something was said of them. Both are of
/// one transaction: nothing of the old values can be seen in between, or is left by a crash.
/// </summary>
internal sealed class ErasureSteps(RecordCommands commands, PersonTraces traces, AuditLog audit, TimeProvider time)
{
    private const string Place = "erased";

    /// <summary>Erases a record.</summary>
    /// <param name="records">The transaction.</param>
    /// <param name="entity">Its entity.</param>
    /// <param name="id">The record.</param>
    /// <param name="fate">What is to become of it.</param>
    /// <param name="cause">What asked for it, e.g. the id of the job.</param>
    /// <param name="ct">Cancels it; the transaction must be rolled back.</param>
    /// <returns>Why it was refused; null where it was not.</returns>
    public async Task<JobFailure?> EraseAsync(RecordTransaction records, Entity entity, Guid id, Erasure fate, string cause, CancellationToken ct)
    {
        await records.SaveAsync(Place, ct);
        try
        {
            var unit = new SaveUnit(records, Caller.System, time.GetUtcNow().UtcDateTime) { Cause = new SaveCause(SaveCause.Erasure, cause) };
            if (fate == Erasure.Delete) await DeleteAsync(unit, entity, id, ct);
            else await commands.UpdateAsync(unit, entity, id, Anonymous.Body(entity, id), null, ct);
            await records.FlushAsync(ct);
        }
        catch (XrmException refused) when (refused.Status < 500)
        {
            await records.RollbackToAsync(Place, ct);
            // It may have gone together with another record, or in a portion that was done before a crash.
            if (refused.Code != "record_not_found") return new JobFailure(id, refused.Code, refused.Message, null);
            fate = Erasure.Delete;
        }
        await records.ReleaseAsync(Place, ct);
        await traces.ForgetRecordAsync(await records.BeginAsync(ct), entity, id, fate == Erasure.Delete ? null : Anonymous.KeptColumns(entity), ct);
        return null;
    }

    /// <summary>Writes into the audit what was erased, without a value. The proof of the audit asks for it.</summary>
    public async Task NoteAsync(RecordTransaction records, string? entity, Guid? by, object details, CancellationToken ct) =>
        await audit.NoteAsync(await records.BeginAsync(ct), new AuditEvent(time.GetUtcNow().UtcDateTime, AuditOperations.Erasure, by, AuditSources.Job, null, JsonSerializer.Serialize(details, Hosting.ApiJson.Options)) { Entity = entity }, ct);

    private async Task DeleteAsync(SaveUnit unit, Entity entity, Guid id, CancellationToken ct)
    {
        if (!entity.HasRecycleBin)
        {
            await commands.DeleteAsync(unit, entity, id, null, ct);
            return;
        }
        try
        {
            await commands.DeleteAsync(unit, entity, id, null, ct);
            await unit.Records.FlushAsync(ct);
        }
        catch (XrmException gone) when (gone.Code == "record_not_found")
        {
            // It lies in the recycle bin already.
        }
        await commands.PurgeAsync(unit.Anew(), entity, RecordKey.OfId(entity, id), null, ct);
    }
}
