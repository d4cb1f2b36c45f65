using System.Text.Json;

namespace Xrm.Plugins;

/// <summary>Receives record events after their transaction has committed.</summary>
public interface IRecordEventHandler
{
    /// <summary>True for events that this handler wants. Called for every event: be quick.</summary>
    bool Wants(RecordEvent recordEvent);

    /// <summary>Handles one event.</summary>
    /// <param name="recordEvent">The event.</param>
    /// <param name="ct">Ends when the server stops or the time limit of a delivery (30 s) is over.</param>
    /// <remarks>
    /// Runs in the background, outside any transaction, at least once per event: after an exception it is tried again with
    /// growing pauses, and after the last try it lies in the list of failed deliveries, from where it can be sent again.
    /// A receiver recognises a repeated delivery by <see cref="RecordEvent.Id"/>.
    /// Events of different records come at the same time; those of one record one after the other, each when the one before it was taken or given up.
    /// </remarks>
    Task HandleAsync(RecordEvent recordEvent, CancellationToken ct);
}

/// <summary>Something that happened to a record.</summary>
/// <param name="Id">Number of the event; the same in every try of its delivery, greater for later events.</param>
/// <param name="Event"><c>created</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="At">UTC time of the change.</param>
/// <param name="Entity">Name of the entity.</param>
/// <param name="RecordId">Id of the record.</param>
/// <param name="Version">Version of the record after the change.</param>
/// <param name="Payload">JSON object with <c>values</c> (after the change, by column name), <c>changed</c> (names of changed columns), <c>previous</c> (their values before; missing for a new record) and <c>user</c> (id of who did it).</param>
public sealed record RecordEvent(long Id, string Event, DateTime At, string Entity, Guid RecordId, long Version, JsonElement Payload);
