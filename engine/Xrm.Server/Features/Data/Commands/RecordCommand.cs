using System.Collections.Immutable;
using System.Text.Json;
using MediatR;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Localization;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.Commands;

/// <summary>What somebody wants done with records.</summary>
/// <typeparam name="TResult">What became of it.</typeparam>
internal abstract record DataCommand<TResult>(RecordRequest Request) : IRequest<TResult>
{
    /// <summary>What is done; where it depends on the record, what the caller must be allowed at least one of.</summary>
    public abstract ImmutableArray<Operation> Operations { get; }

    /// <summary>The transaction; opened by <see cref="TransactionBehaviour{TCommand, TResult}"/>.</summary>
    public SaveUnit? Unit { get; set; }
}

/// <summary>What somebody wants done with one record.</summary>
internal abstract record RecordCommand(RecordRequest Request) : DataCommand<SavedRecord>(Request);

/// <summary>Who wants it, of which entity, under which model, and in which language to answer.</summary>
internal sealed record RecordRequest(Caller Caller, PublishedModel Published, Entity Entity, Texts Texts)
{
    /// <summary>A transaction that somebody else commits; null for one of its own.</summary>
    public RecordTransaction? Transaction { get; init; }

    /// <summary>Where the request came from.</summary>
    public SaveOrigin Origin { get; init; } = SaveOrigin.Engine;

    /// <summary>What made it happen besides the caller's own wish; null for that.</summary>
    public SaveCause? Cause { get; init; }

    /// <summary>What tells the request when it comes again (<c>Idempotency-Key</c>); null where the client sent no key.</summary>
    public RepeatableRequest? Repeatable { get; init; }
}

/// <summary>Makes a new record.</summary>
internal sealed record CreateRecord(RecordRequest Request, JsonElement Body) : RecordCommand(Request)
{
    public override ImmutableArray<Operation> Operations => [Operation.Create];
}

/// <summary>Makes new records: all of them or none, or each that can be made.</summary>
internal sealed record CreateRecords(RecordRequest Request, IReadOnlyList<JsonElement> Bodies, bool ContinuesOnError) : DataCommand<ImmutableArray<RowResult>>(Request)
{
    public override ImmutableArray<Operation> Operations => [Operation.Create];
}

/// <summary>Changes the named values of a record, or creates it where it is not there.</summary>
internal sealed record UpsertRecord(RecordRequest Request, RecordKey Key, JsonElement Body, Precondition Condition) : RecordCommand(Request)
{
    public override ImmutableArray<Operation> Operations => Condition.MustExist ? [Operation.Update] : [Operation.Update, Operation.Create];
}

/// <summary>Deletes a record.</summary>
internal sealed record DeleteRecord(RecordRequest Request, RecordKey Key, long? Version) : RecordCommand(Request)
{
    /// <summary>It is one in the recycle bin, and goes for good.</summary>
    public bool IsPurged { get; init; }

    public override ImmutableArray<Operation> Operations => [Operation.Delete];
}

/// <summary>Brings a record back from the recycle bin.</summary>
internal sealed record RestoreRecord(RecordRequest Request, RecordKey Key, long? Version) : RecordCommand(Request)
{
    public override ImmutableArray<Operation> Operations => [Operation.Update];
}

/// <summary>Sends a record to another state.</summary>
internal sealed record TransitionRecord(RecordRequest Request, RecordKey Key, Transition Transition, JsonElement Body, long? Version) : RecordCommand(Request)
{
    public override ImmutableArray<Operation> Operations => [Operation.Update];
}

/// <summary>Runs an action about a record.</summary>
internal sealed record RunAction(RecordRequest Request, RecordKey Key, ScriptAction Action, JsonElement Body, long? Version) : RecordCommand(Request)
{
    public override ImmutableArray<Operation> Operations => [Operation.Update];
}

/// <summary>What became of it.</summary>
/// <param name="Values">The record's stored values now.</param>
/// <param name="IsNew">It was created.</param>
/// <param name="IsReadable">The caller may read the record as it is now.</param>
/// <param name="Messages">What rules told of it.</param>
internal sealed record SavedRecord(RecordValues Values, bool IsNew, bool IsReadable, IReadOnlyList<SaveMessage> Messages)
{
    /// <summary>JSON of what the script of an action returned; null where it returned nothing.</summary>
    public string? ActionResult { get; init; }

    /// <summary>Id of the record.</summary>
    public Guid Id => Values.Id;

    /// <summary>Its version now.</summary>
    public long Version => Values.Version;

    /// <summary>For the log.</summary>
    public override string ToString() => Id.ToString("D");
}
