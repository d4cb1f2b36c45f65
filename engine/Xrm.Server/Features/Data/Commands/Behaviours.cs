using System.Diagnostics;
using MediatR;
using Npgsql;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.Commands;

/// <summary>Says in the log what was done, by whom, and how long it took.</summary>
internal sealed class LogBehaviour<TCommand>(ILogger<LogBehaviour<TCommand>> log) : IPipelineBehavior<TCommand, SavedRecord> where TCommand : RecordCommand
{
    public async Task<SavedRecord> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<SavedRecord> next)
    {
        var started = Stopwatch.GetTimestamp();
        var saved = await next();
        log.LogDebug("{Command} {Entity} {Id} by {User} in {Milliseconds:0.0} ms", typeof(TCommand).Name, request.Request.Entity.Name, saved.Id,
            request.Request.Caller.UserName, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return saved;
    }
}

/// <summary>Refuses at once what none of the caller's roles grants for any record; the pipeline looks at the record itself.</summary>
internal sealed class AuthoriseBehaviour<TCommand> : IPipelineBehavior<TCommand, SavedRecord> where TCommand : RecordCommand
{
    public Task<SavedRecord> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<SavedRecord> next)
    {
        var (caller, _, entity, _) = request.Request;
        if (request.Operations.All(operation => caller.Depth(entity, operation) == Depth.None))
            throw XrmException.Forbidden($"You may not {request.Operations[0].ToString().ToLowerInvariant()} {entity.PluralLabel}.");
        return next();
    }
}

/// <summary>Opens the transaction, and tries again where two transactions stood in each other's way: of two upserts at once, the second finds what the first created.</summary>
internal sealed class TransactionBehaviour<TCommand>(Database database, TimeProvider time) : IPipelineBehavior<TCommand, SavedRecord> where TCommand : RecordCommand
{
    private const int MostTries = 3;

    public async Task<SavedRecord> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<SavedRecord> next)
    {
        // Foreign keys find what is missing without being asked; only then is it looked at what else is missing, to tell of all at once.
        var trustsForeignKeys = true;
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await RunAsync(request, trustsForeignKeys, next, cancellationToken);
            }
            catch (XrmException refused) when (trustsForeignKeys && request is not DeleteRecord && refused.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
            {
                trustsForeignKeys = false;
            }
            catch (XrmException refused) when (tried < MostTries && (refused.Code == "record_busy" || (refused.Code == "not_unique" && request is UpsertRecord)))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 50) * tried), time, cancellationToken);
            }
        }
    }

    private Task<SavedRecord> RunAsync(TCommand request, bool trustsForeignKeys, RequestHandlerDelegate<SavedRecord> next, CancellationToken ct) =>
        database.InRecordTransactionAsync((records, _) =>
        {
            request.Unit = new SaveUnit(records, request.Request.Caller, time.GetUtcNow().UtcDateTime) { Texts = request.Request.Texts, TrustsForeignKeys = trustsForeignKeys };
            return next();
        }, request.Request.Published, ct);
}
