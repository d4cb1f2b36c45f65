using System.Threading.RateLimiting;
using Xrm.Data.Auditing;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Data.Records;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.Hosting;
using Xrm.Server.Pipeline.Steps;
using Xrm.Server.Security;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Features.Data;

/// <summary>Tells a secret to somebody who may read it: <c>POST /api/data/COLLECTION/ID/reveal?field=NAME</c>. No other door leads to it.</summary>
internal sealed class SecretReads(DataReads reads, RecordReader reader, RecordSecrets secrets, SecretProtection protection, AuditTrail audit, FreshSignIn fresh, TimeProvider time) : IDisposable
{
    /// <summary>Name of the action.</summary>
    public const string Action = "reveal";

    private const int MostInAMinute = 30;

    // Somebody who looks at secrets looks at few; a program that copies them all takes long, and leaves as many entries in the audit.
    private readonly PartitionedRateLimiter<Guid> _rates = PartitionedRateLimiter.Create<Guid, Guid>(user =>
        RateLimitPartition.GetFixedWindowLimiter(user, _ => new FixedWindowRateLimiterOptions { PermitLimit = MostInAMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>Answers with the value, once the audit tells of it.</summary>
    /// <exception cref="XrmException">400: no such field, or no secret; 403: the caller may not read it, or has signed in too long ago; 404: no such record, or the caller may not see it; 429: too many.</exception>
    public async Task AnswerAsync(HttpContext http, string collection, string id)
    {
        var (context, ct) = (await reads.ContextAsync(http), http.RequestAborted);
        if (!fresh.Admits(http.User, time.GetUtcNow())) throw FreshSignIn.Refusal();
        using (var lease = _rates.AttemptAcquire(context.Caller.UserId))
            if (!lease.IsAcquired)
                throw new XrmException("rate_limited", 429, $"You may look at {MostInAMinute} secrets in a minute. Wait, then go on.") { RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1) };
        var entity = context.Collection(collection);
        var name = http.Request.Query["field"].ToString();
        if (entity.FindField(name) is not { Type: SecretType } field)
            throw new XrmException("not_a_secret", 400, $"{entity.Label} has no secret '{name}'. Name one: POST /api/data/{entity.Plural}/ID/{Action}?field=NAME.");
        if (!context.Caller.CanReadField(field)) throw XrmException.Forbidden($"You may not read {field.Label}.", field.Name);
        var key = RequestedRecord.Key(entity, id);
        var rows = await reader.RowsAsync(QueryPlan.ForKey(entity, key.Values, new DataQuery { Select = [new NameNode("id", 1)] }, context), ct);
        if (rows is not [var row]) throw key.NotFound();
        var recordId = (Guid)row["id"]!;
        var stored = await secrets.FindAsync(field, recordId, ct);
        var value = stored is null ? null : protection.Unprotect(WriteSecrets.Purpose(recordId), stored);
        await audit.NoteAsync(http, AuditOperations.SecretRead, context.Caller.UserId, new { record = recordId, field = field.Name }, ct, entity.Name);
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(new { value }, ApiJson.Options, ct);
    }

    public void Dispose() => _rates.Dispose();
}
