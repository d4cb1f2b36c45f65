using System.Collections.Immutable;

namespace Xrm.Data.Changes;

/// <summary>One change of one record.</summary>
/// <param name="Id">Number of the event; those of one record rise in the order of the changes.</param>
/// <param name="At">UTC time of the change.</param>
/// <param name="Event"><c>created</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="Entity">Name of the entity.</param>
/// <param name="RecordId">Id of the record.</param>
/// <param name="Version">Version after the change.</param>
/// <param name="Changed">Columns that changed.</param>
/// <param name="Owner">Owner after the change; null for records without.</param>
/// <param name="PreviousOwner">Owner before the change; null for new records and for those without.</param>
/// <param name="Unit">Owning business unit after the change; null for records without.</param>
/// <param name="PreviousUnit">Owning business unit before the change; null for new records and for those without.</param>
/// <param name="Values">JSON object with the values after the change, by column; null where they were not asked for or are not known.</param>
public sealed record RecordChange(long Id, DateTime At, string Event, string Entity, Guid RecordId, long Version, string[] Changed, Guid? Owner, Guid? PreviousOwner, Guid? Unit, Guid? PreviousUnit, string? Values);

/// <summary>Some of the changes behind a position.</summary>
/// <param name="Changes">The changes, in their order.</param>
/// <param name="Start">The stretch that they are of, with its end.</param>
/// <param name="Next">The position behind them.</param>
/// <param name="HasMore">There are more of the same stretch.</param>
public sealed record ChangePage(ImmutableArray<RecordChange> Changes, ChangePosition Start, ChangePosition Next, bool HasMore)
{
    /// <summary>The position behind one of the changes.</summary>
    public ChangePosition Behind(RecordChange change) => change == Changes[^1] ? Next : Start with { After = change.Id };
}

/// <summary>Which changes somebody follows.</summary>
/// <param name="Entities">Names of entities; null for all.</param>
/// <param name="WithValues">Bring the values after the change.</param>
/// <param name="Limit">Most changes at once.</param>
public sealed record ChangeQuery(IReadOnlyCollection<string>? Entities, bool WithValues, int Limit);
