using System.Data.Common;
using System.Diagnostics;
using MediatR;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.Commands;

/// <summary>Says in the log what was done, by whom, and how long it took.</summary>
internal sealed class LogBehaviour<TCommand, TResult>(ILogger<LogBehaviour<TCommand, TResult>> log) : IPipelineBehavior<TCommand, TResult> where TCommand : DataCommand<TResult>
{
    public async Task<TResult> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        var started = Stopwatch.GetTimestamp();
        var saved = await next();
        log.LogDebug("{Command} {Entity} {Saved} by {User} in {Milliseconds:0.0} ms", typeof(TCommand).Name, request.Request.Entity.Name, saved,
            request.Request.Caller.UserName, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return saved;
    }
}

/// <summary>Refuses at once what none of the caller's roles grants for any record; the pipeline looks at the record itself.</summary>
internal sealed class AuthoriseBehaviour<TCommand, TResult> : IPipelineBehavior<TCommand, TResult> where TCommand : DataCommand<TResult>
{
    public Task<TResult> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        var (caller, _, entity, _) = request.Request;
        if (request.Operations.All(operation => !caller.Can(entity, operation)))
            throw XrmException.Forbidden($"You may not {request.Operations[0].ToString().ToLowerInvariant()} {entity.PluralLabel}.");
        return next();
    }
}

/// <summary>Opens the transaction, and tries again where two transactions stood in each other's way: of two upserts at once, the second finds what the first created.</summary>
internal sealed class TransactionBehaviour<TCommand, TResult>(Database database, RecycledIds recycled, TimeProvider time) : IPipelineBehavior<TCommand, TResult> where TCommand : DataCommand<TResult>
{
    private const int MostTries = 3;
    private const string ForeignKeyViolation = "23503";

    public async Task<TResult> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        try
        {
            return await InTransactionAsync(request, next, cancellationToken);
        }
        catch (XrmException refused) when (refused.Code == "not_unique")
        {
            throw await recycled.ExplainAsync(request, refused, cancellationToken);
        }
    }

    private async Task<TResult> InTransactionAsync(TCommand request, RequestHandlerDelegate<TResult> next, CancellationToken cancellationToken)
    {
        if (request.Request.Transaction is { } open)
        {
            request.Unit = new SaveUnit(open, request.Request.Caller, time.GetUtcNow().UtcDateTime) { Texts = request.Request.Texts, Origin = request.Request.Origin, Cause = request.Request.Cause };
            var result = await next();
            await open.FlushAsync(cancellationToken);
            return result;
        }
        // Foreign keys find what is missing without being asked; only then is it looked at what else is missing, to tell of all at once.
        // In the same way, a record is locked from the start only where somebody has changed it while it was worked on.
        var isOptimistic = request is RecordCommand or CreateRecords { ContinuesOnError: false };
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await RunAsync(request, isOptimistic, next, cancellationToken);
            }
            catch (XrmException refused) when (isOptimistic && request is not DeleteRecord && IsHopeLost(refused, request.Unit!))
            {
                isOptimistic = false;
            }
            catch (XrmException refused) when (BusyRecords.MayTryAgain(refused, tried) || (tried < MostTries && refused.Code == "not_unique" && request is UpsertRecord))
            {
                await BusyRecords.PauseAsync(tried, time, cancellationToken);
            }
        }
    }

    private static bool IsHopeLost(XrmException refused, SaveUnit unit) => BusyRecords.HaveMet(refused)
        || refused.InnerException is DbException { SqlState: ForeignKeyViolation } || (refused.Code == XrmException.InvalidCode && unit.HasUncheckedReferences);

    private Task<TResult> RunAsync(TCommand request, bool isOptimistic, RequestHandlerDelegate<TResult> next, CancellationToken ct) =>
        database.InRecordTransactionAsync((records, _) =>
        {
            request.Unit = new SaveUnit(records, request.Request.Caller, time.GetUtcNow().UtcDateTime) { Texts = request.Request.Texts, Origin = request.Request.Origin, Cause = request.Request.Cause, IsOptimistic = isOptimistic };
            return next();
        }, request.Request.Published, request.Request.Caller.TimeLimit, ct);
}

/// <summary>Carries out once what a client sends again with the same <c>Idempotency-Key</c>; inside the transaction, so that both commit or neither does.</summary>
internal sealed class RepeatBehaviour<TCommand, TResult> : IPipelineBehavior<TCommand, TResult> where TCommand : DataCommand<TResult>
{
    public async Task<TResult> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        if (request.Request.Repeatable is not { } repeatable) return await next();
        var (records, user) = (request.Unit!.Records, request.Request.Caller.UserId);
        if (await AnsweredRequests.TakeAsync(records, user, repeatable, cancellationToken) is { } answer) throw new AnsweredBeforeException(answer);
        var result = await next();
        await AnsweredRequests.KeepAsync(records, user, repeatable, CommandAnswer.Write(result), cancellationToken);
        return result;
    }
}

/// <summary>Ends the transaction of a request that was carried out before.</summary>
internal sealed class AnsweredBeforeException(string answer) : Exception
{
    /// <summary>What <see cref="CommandAnswer"/> wrote.</summary>
    public string Answer => answer;
}
