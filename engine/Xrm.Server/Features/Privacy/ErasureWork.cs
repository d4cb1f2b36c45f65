using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Data.Jobs;
using Xrm.Data.Privacy;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Features.Jobs;

namespace Xrm.Server.Features.Privacy;

/// <summary>
/// Erases a person, portion by portion: what leads to the person first, the person last, so that a job that was broken off or cancelled can be asked for anew
/// and finds the same records.
/// </summary>
internal sealed class ErasureWork(JobRecords found, ErasureSteps steps, PersonTraces traces, TimeProvider time) : IJobWork
{
    /// <summary>Records of one transaction: few, because they are locked until its end.</summary>
    private const int Most = 20;

    public string Kind => Job.PersonErasure;

    public async Task<JobProgress> RunAsync(RecordTransaction records, Job job, CancellationToken ct)
    {
        var transaction = await records.BeginAsync(ct);
        var person = PersonRequest.Of(job, records.Published.Model);
        if (!await found.AnyAsync(transaction, job.Id, ct))
        {
            var plan = ErasurePlan.Of(await PersonRecords.FindAsync(transaction, records.Schema, records.Published, person.Entity, person.Id, ct), time.GetUtcNow().UtcDateTime);
            await found.AddAsync(transaction, job.Id, [.. plan.Reverse().Select(one => new JobRecord(one.Record.Entity.Name, one.Record.Id, one.Fate.ToString()))], ct);
            return new JobProgress(0, [], null, IsLast: false);
        }
        var portion = await found.NextAsync(transaction, job.Id, Most, ct);
        var failures = new List<JobFailure>();
        foreach (var record in portion)
        {
            if (record.RecordId == person.Id) await ForgetNamesAsync(records, job, person, ct);
            if (await EraseAsync(records, record, job, ct) is { } failure) failures.Add(failure);
            await found.DoneAsync(await records.BeginAsync(ct), job.Id, record, failures.Count > 0 && failures[^1].RecordId == record.RecordId ? "refused" : null, ct);
        }
        var erased = portion.Where(record => record.Fate != nameof(Erasure.Keep) && failures.TrueForAll(failure => failure.RecordId != record.RecordId)).Select(record => record.RecordId).ToList();
        if (erased.Count > 0) await steps.NoteAsync(records, person.Entity.Name, job.UserId, new { record = person.Id, job = job.Id, records = erased }, ct);
        if (portion.Count == Most) return new JobProgress(portion.Count - failures.Count, failures, null, IsLast: false);
        await EndAsync(records, job, person, ct);
        return new JobProgress(portion.Count - failures.Count, failures, null, IsLast: true);
    }

    private async Task<JobFailure?> EraseAsync(RecordTransaction records, JobRecord record, Job job, CancellationToken ct)
    {
        // A publish may have taken the entity away meanwhile.
        if (!Enum.TryParse<Erasure>(record.Fate, out var fate) || fate == Erasure.Keep || records.Published.Model.FindEntity(record.Entity) is not { } entity) return null;
        return await steps.EraseAsync(records, entity, record.RecordId, fate, job.Id.ToString(), ct);
    }

    /// <summary>While the person's names are still known.</summary>
    private async Task ForgetNamesAsync(RecordTransaction records, Job job, PersonRequest person, CancellationToken ct)
    {
        if (await RecordLoader.LoadAsync(records, person.Entity, [person.Id], ct) is not [var values]) return;
        var transaction = await records.BeginAsync(ct);
        var kept = await found.WithFateAsync(transaction, job.Id, nameof(Erasure.Keep), ct);
        var entries = await traces.ForgetNamesAsync(transaction, person.Id, Anonymous.Identifiers(person.Entity, values), kept, ct);
        if (!entries.IsEmpty) await steps.NoteAsync(records, person.Entity.Name, job.UserId, new { record = person.Id, job = job.Id, entries }, ct);
    }

    private async Task EndAsync(RecordTransaction records, Job job, PersonRequest person, CancellationToken ct)
    {
        var transaction = await records.BeginAsync(ct);
        var counts = await found.CountsAsync(transaction, job.Id, ct);
        long Count(Erasure fate) => counts.GetValueOrDefault(fate.ToString());
        await traces.NoteErasedAsync(transaction, person.Entity.Name, person.Id, job.UserId, Count(Erasure.Keep) > 0, ct);
        await steps.NoteAsync(records, person.Entity.Name, job.UserId, new { record = person.Id, job = job.Id, anonymised = Count(Erasure.Anonymise), deleted = Count(Erasure.Delete), kept = Count(Erasure.Keep) }, ct);
        await found.ForgetAsync(transaction, job.Id, ct);
    }
}

/// <summary>The person whom a job is about.</summary>
/// <param name="Entity">Entity of the person.</param>
/// <param name="Id">The person.</param>
internal sealed record PersonRequest(Entity Entity, Guid Id)
{
    /// <summary>Reads what stands in the job.</summary>
    /// <exception cref="XrmException">409: there is no such entity any more.</exception>
    public static PersonRequest Of(Job job, Model model)
    {
        var body = JsonSerializer.Deserialize<JsonElement>(job.Body!);
        return new PersonRequest(model.FindEntity(body.GetProperty("entity").GetString()!) ?? throw new XrmException("entity_gone", 409, "The entity of the person is gone."), body.GetProperty("id").GetGuid());
    }
}
