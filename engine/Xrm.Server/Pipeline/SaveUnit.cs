using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Server.Localization;

namespace Xrm.Server.Pipeline;

/// <summary>What all saves of one transaction share. Made per transaction, used by one thread at a time.</summary>
internal sealed class SaveUnit
{
    public SaveUnit(RecordTransaction records, Caller caller, DateTime utcNow)
    {
        (Records, Caller) = (records, caller);
        // PostgreSQL keeps microseconds: what is compared later must have been cut before.
        UtcNow = new DateTime(utcNow.Ticks - utcNow.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        Rollups = new Rollups(records, UtcNow);
        Related = new RelatedRecords(records);
        Numbers = new NumberSeries(records);
        User = new FormulaUser(caller.UserId, caller.UserName, caller.DisplayName, [.. caller.Roles]);
    }

    public RecordTransaction Records { get; }

    public PublishedModel Published => Records.Published;

    public Caller Caller { get; }

    /// <summary>The caller, as formulas and scripts see it.</summary>
    public FormulaUser User { get; }

    /// <summary>The time of the save, the same for all its records.</summary>
    public DateTime UtcNow { get; }

    public Rollups Rollups { get; }

    public RelatedRecords Related { get; }

    /// <summary>Automatic numbers of new records.</summary>
    public NumberSeries Numbers { get; }

    /// <summary>The language in which to refuse.</summary>
    public Texts Texts { get; init; } = Texts.English;

    /// <summary>What made it happen besides a person's own request; null for that.</summary>
    public SaveCause? Cause { get; init; }

    /// <summary>Whether workflows and plugins hear of the changes. Starter data and package tests are silent.</summary>
    public bool PublishesEvents { get; init; } = true;

    /// <summary>
    /// Hopes for the usual: references that a foreign key checks when the row is written are not looked up before, and a record that nothing
    /// else depends on is not locked while it is worked on. Whoever opened the transaction tries again without, should hope fail.
    /// </summary>
    public bool IsOptimistic { get; init; }

    /// <summary>References were left to the database: mistakes that were found may not be all.</summary>
    public bool HasUncheckedReferences { get; set; }

    /// <summary>Rollups are computed once at the end, by whoever opened the transaction, and not after every record.</summary>
    public bool DefersRollups { get; init; }

    /// <summary>The records that were written and not closed yet, in the order of writing.</summary>
    public List<SaveContext> Written { get; } = [];

    /// <summary>A unit of the same transaction, for the same person, that knows of nothing yet: what the others prepared was undone.</summary>
    public SaveUnit Anew() => new(Records, Caller, UtcNow) { Texts = Texts, Cause = Cause, PublishesEvents = PublishesEvents, IsOptimistic = IsOptimistic };

    /// <summary>The records that are being deleted: two that point to each other must not delete each other for ever.</summary>
    public HashSet<(Entity, Guid)> Deleting { get; } = [];

    /// <summary>The records that come back from the recycle bin with another one.</summary>
    public HashSet<(Entity, Guid)> Restoring { get; } = [];
}

/// <summary>What made a change happen besides a person's own request.</summary>
/// <param name="Kind"><c>starter</c>, <c>test</c>, <c>workflow</c>, <c>plugin</c>, <c>import</c>.</param>
/// <param name="Id">Which one, e.g. the id of the run.</param>
/// <param name="Depth">How many workflows led to it, one after the other, before this one.</param>
internal sealed record SaveCause(string Kind, string Id, int Depth = 0);
