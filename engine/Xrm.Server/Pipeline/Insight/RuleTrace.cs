using System.Collections.Immutable;
using Xrm.Data.Errors;
using Xrm.Metadata.Compiled;
using Xrm.Scripting;

namespace Xrm.Server.Pipeline.Insight;

/// <summary>Takes notes of the rules of one save that is tried, in the order in which they begin; those of other records that rules change are among them.</summary>
/// <param name="changed">A rule that runs instead of the published one of its name; null for none.</param>
internal sealed class RuleTrace(Rule? changed = null)
{
    private const int MostEntries = 500;
    private const int MostEffects = 100;
    private readonly List<TracedRule> _entries = [];
    private TracedRule? _running;

    /// <summary>What happened.</summary>
    public IReadOnlyList<TracedRule> Entries => _entries;

    /// <summary>Rules that follow the saves, which are tried when these are over.</summary>
    public Queue<(Rule Rule, SaveContext Save)> Following { get; } = [];

    /// <summary>What runs where the model has the given rule.</summary>
    public Rule InForce(Rule rule) => IsTried(rule) ? changed! : rule;

    /// <summary>True for the rule that is to be tried, be it switched off or not.</summary>
    public bool IsTried(Rule rule) => changed is not null && rule.Name == changed.Name && rule.Entity == changed.Entity;

    /// <summary>A rule begins.</summary>
    /// <param name="what">The rule, or whatever else runs.</param>
    /// <param name="save">The save that it belongs to; null for none.</param>
    public TracedRule Begin(Watched what, SaveContext? save)
    {
        var entry = Add(new TracedRule(what, save, "ran") { Outer = _running });
        _running = entry;
        entry.Ended = () => _running = entry.Outer;
        return entry;
    }

    /// <summary>A rule does not run.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="save">The save.</param>
    /// <param name="why"><c>event</c>, <c>fields</c>, <c>condition</c>, <c>off</c> or <c>refused</c>.</param>
    public void Skip(Rule rule, SaveContext save, string why) => Add(new TracedRule(Watched.Of(rule), save, why) { Outer = _running });

    /// <summary>Where the script that is about to run shall take its notes.</summary>
    public ScriptTrace Script() => _running is { } entry ? entry.Script = new ScriptTrace() : new ScriptTrace();

    /// <summary>The script that runs does something beyond its record.</summary>
    public void Note(RuleEffect effect)
    {
        if (_running is { Effects.Count: < MostEffects } entry) entry.Effects.Add(effect);
    }

    private TracedRule Add(TracedRule entry)
    {
        if (_entries.Count < MostEntries) _entries.Add(entry);
        return entry;
    }
}

/// <summary>One rule in a trace.</summary>
/// <param name="what">The rule, or whatever else runs.</param>
/// <param name="save">The save that it belongs to; null for none.</param>
/// <param name="outcome"><c>ran</c>, or why it did not run.</param>
internal sealed class TracedRule(Watched what, SaveContext? save, string outcome)
{
    private readonly Dictionary<string, object?> _before = save is null ? [] : new(save.Values, StringComparer.Ordinal);
    private readonly int _errors = save?.Errors.Count ?? 0;
    private readonly int _messages = save?.Messages.Count ?? 0;

    public Watched What => what;

    /// <summary>Entity of the record; null where there is none.</summary>
    public Entity? Entity => save?.Entity;

    /// <summary>The record; empty where there is none.</summary>
    public Guid RecordId => save?.Id ?? Guid.Empty;

    /// <summary>What it does beyond its record.</summary>
    public List<RuleEffect> Effects { get; } = [];

    /// <summary><c>ran</c>; <c>refused</c> or <c>failed</c> where it ended the save; otherwise why it did not run: <c>event</c>, <c>fields</c>, <c>condition</c>, <c>off</c>, <c>skipped</c>.</summary>
    public string Outcome { get; private set; } = outcome == "refused" ? "skipped" : outcome;

    /// <summary>The rule whose change of another record led to this one; null for those of the record itself.</summary>
    public TracedRule? Outer { get; init; }

    public TimeSpan Time { get; private set; }

    /// <summary>Values before and after by column, those that follow by formulas included.</summary>
    public ImmutableArray<TracedChange> Changes { get; private set; } = [];

    /// <summary>What it refuses.</summary>
    public ImmutableArray<FieldError> Errors { get; private set; } = [];

    /// <summary>What it tells the person.</summary>
    public ImmutableArray<SaveMessage> Messages { get; private set; } = [];

    /// <summary>What ended the save; null where nothing did.</summary>
    public XrmException? Stopped { get; private set; }

    /// <summary>Notes of its script; null for a rule without one.</summary>
    public ScriptTrace? Script { get; set; }

    internal Action? Ended { get; set; }

    /// <summary>The values that it saw, by column.</summary>
    public IReadOnlyDictionary<string, object?> Before => _before;

    /// <summary>The rule has ended.</summary>
    public void End(SaveContext ended, TimeSpan took, XrmException? stopped)
    {
        Changes = [.. TracedChange.Between(ended.Entity, _before, ended.Values)];
        End(([.. ended.Errors.Skip(_errors)], [.. ended.Messages.Skip(_messages)]), took, stopped);
    }

    /// <summary>What belongs to no save has ended.</summary>
    public void End((ImmutableArray<FieldError> Errors, ImmutableArray<SaveMessage> Messages) told, TimeSpan took, XrmException? stopped)
    {
        Ended?.Invoke();
        (Time, Stopped, Errors, Messages) = (took, stopped, told.Errors, told.Messages);
        if (stopped is not null) Outcome = RuleActivity.IsFailure(stopped) ? "failed" : "refused";
        else if (Errors.Length > 0) Outcome = "refused";
    }
}

/// <summary>A value that changed.</summary>
/// <param name="Field">Its field.</param>
/// <param name="Column">Name of its column.</param>
/// <param name="Before">Value before, in the CLR type of the column.</param>
/// <param name="After">Value after.</param>
internal readonly record struct TracedChange(Field Field, string Column, object? Before, object? After)
{
    /// <summary>What differs, in the order of the fields.</summary>
    public static IEnumerable<TracedChange> Between(Entity entity, IReadOnlyDictionary<string, object?> before, IReadOnlyDictionary<string, object?> after) =>
        from field in entity.Fields
        from column in field.Columns
        let pair = (Old: before.GetValueOrDefault(column.Name), New: after.GetValueOrDefault(column.Name))
        where !Data.Records.RecordValues.Same(pair.Old, pair.New)
        select new TracedChange(field, column.Name, pair.Old, pair.New);
}
