using Xrm.Data.Jobs;
using Xrm.Data.Records;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Pipeline.Steps;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Features.Privacy;

/// <summary>Encrypts secrets by the key that is in force now, where an earlier one has encrypted them.</summary>
internal sealed class ReencryptWork(RecordSecrets secrets, SecretProtection protection) : IJobWork
{
    private const int Most = 200;

    public string Kind => Job.Reencrypt;

    public async Task<JobProgress> RunAsync(RecordTransaction records, Job job, CancellationToken ct)
    {
        // Another process may have made the key.
        if (job.Position is null) protection.Renew();
        var (last, done, unreadable) = await secrets.ReplaceAsync(await records.BeginAsync(ct), protection.CurrentKey, job.Position, Most, Anew, ct);
        return new JobProgress(done, [.. unreadable.Select(id => new JobFailure(id, "secret_unreadable", "A secret of this record cannot be decrypted.", null))], last, IsLast: last is null);
    }

    private byte[]? Anew(Guid recordId, byte[] value) =>
        protection.TryUnprotect(WriteSecrets.Purpose(recordId), value) is { } text ? protection.Protect(WriteSecrets.Purpose(recordId), text) : null;
}
