using System.Collections.Immutable;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Records;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;
using Xrm.Server.Localization;
using Xrm.Server.Pipeline.Insight;

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
        Related = new RelatedRecords(records, caller, UtcNow);
        Rights = new RecordRights(Related);
        Numbers = new NumberSeries(records);
    }

    public RecordTransaction Records { get; }

    public PublishedModel Published => Records.Published;

    public Caller Caller { get; }

    /// <summary>The caller, as formulas and scripts see it.</summary>
    public FormulaUser User => Caller.User;

    /// <summary>The time of the save, the same for all its records.</summary>
    public DateTime UtcNow { get; }

    public Rollups Rollups { get; }

    public RelatedRecords Related { get; }

    /// <summary>What the caller may do with records at hand.</summary>
    public RecordRights Rights { get; }

    /// <summary>Automatic numbers of new records.</summary>
    public NumberSeries Numbers { get; }

    /// <summary>The language in which to refuse.</summary>
    public Texts Texts { get; init; } = Texts.English;

    /// <summary>What made it happen besides a person's own request; null for that.</summary>
    public SaveCause? Cause { get; init; }

    /// <summary>The records are those of an imported file, and not what rules make of them.</summary>
    public bool IsImport => Cause is { Kind: SaveCause.Import } && Chain.IsEmpty;

    /// <summary>Where the request came from that led to it.</summary>
    public SaveOrigin Origin { get; init; } = SaveOrigin.Engine;

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

    /// <summary>The rules that led to these saves, each by a change of another record, from the first on.</summary>
    public ImmutableArray<ScriptLink> Chain { get; init; } = [];

    /// <summary>The thread of the script that asked for these saves, for the scripts that they lead to; null where none did.</summary>
    public ScriptThread? ScriptThread { get; init; }

    /// <summary>Takes notes of the rules of a save that is only tried, and rolled back whatever becomes of it; null for saves that count.</summary>
    public RuleTrace? Trace { get; init; }

    /// <summary>The records that were written and not closed yet, in the order of writing.</summary>
    public List<SaveContext> Written { get; } = [];

    /// <summary>A unit of the same transaction, for the same person, that knows of nothing yet: what the others prepared was undone.</summary>
    public SaveUnit Anew() => new(Records, Caller, UtcNow) { Texts = Texts, Cause = Cause, Origin = Origin, PublishesEvents = PublishesEvents, IsOptimistic = IsOptimistic, Chain = Chain, ScriptThread = ScriptThread, Trace = Trace };

    /// <summary>The records that are being deleted: two that point to each other must not delete each other for ever.</summary>
    public HashSet<(Entity, Guid)> Deleting { get; } = [];

    /// <summary>The records that come back from the recycle bin with another one.</summary>
    public HashSet<(Entity, Guid)> Restoring { get; } = [];
}

/// <summary>A script that changed other records.</summary>
/// <param name="Script">The script.</param>
/// <param name="Id">The record that was saved meanwhile; empty where none was.</param>
internal readonly record struct ScriptLink(Script Script, Guid Id);

/// <summary>What made a change happen besides a person's own request.</summary>
/// <param name="Kind"><c>starter</c>, <c>settings</c>, <c>test</c>, <c>workflow</c>, <c>plugin</c>, <c>import</c>, <c>rule</c>, <c>script</c>, <c>job</c>, <c>clean_up</c>, <c>history</c>.</param>
/// <param name="Id">Which one, e.g. the id of the run.</param>
/// <param name="Depth">How many workflows led to it, one after the other, before this one.</param>
internal sealed record SaveCause(string Kind, string Id, int Depth = 0)
{
    /// <summary>The publish makes the one record of an entity of settings.</summary>
    public const string Settings = "settings";

    /// <summary>A person is erased, or the time is over for which records are kept.</summary>
    public const string Erasure = "erasure";

    /// <summary>A package test, which is undone.</summary>
    public const string Test = "test";

    /// <summary>Somebody brought earlier values back; the id is that of the entry of the history.</summary>
    public const string History = "history";

    /// <summary>Somebody imports a file; the id tells the import from others.</summary>
    public const string Import = "import";

    /// <summary>Through what a change came: what made it happen, or else the request.</summary>
    public static string SourceOf(SaveUnit unit) => unit.Cause?.Kind switch
    {
        "rule" or "script" => AuditSources.Rule,
        "workflow" => AuditSources.Workflow,
        Import => AuditSources.Import,
        "job" => AuditSources.Job,
        "starter" or Settings or "clean_up" or Erasure => AuditSources.System,
        _ => unit.Origin.Source,
    };

    /// <summary>Names of the workflows and scripts that led to it one after the other, itself last; empty for all others.</summary>
    public ImmutableArray<string> Chain { get; init; } = [];
}
