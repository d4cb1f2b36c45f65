using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline;
using Xrm.Server.Pipeline.Insight;

namespace Xrm.Server.Features.Rules;

/// <summary>A save to be tried.</summary>
/// <param name="Entity">Name of the entity.</param>
/// <param name="Id">The record; null for a new one.</param>
/// <param name="Values">Values to save, by API property; none where missing.</param>
/// <param name="Operation"><c>create</c>, <c>update</c> or <c>delete</c>; where missing, create without an id and update with one.</param>
/// <param name="Rule">Name of a rule that is changed; none where missing.</param>
/// <param name="Script">Another text of its script, as in <see cref="DryRunRequest"/>.</param>
/// <param name="When">Another condition of it.</param>
/// <param name="Definition">The whole of it.</param>
/// <param name="Action">Name of an action to run instead of a save, with <paramref name="Id"/> of the record where it is about one.</param>
/// <param name="Parameters">What whoever runs the action enters.</param>
/// <param name="Schedule">Name of a schedule to run instead of a save.</param>
/// <param name="AsUser">Sign-in name of the user whose rights and roles count; who asks where missing.</param>
internal sealed record TraceRequest(string? Entity, Guid? Id, JsonElement? Values, string? Operation, string? Rule, string? Script, string? When, JsonElement? Definition,
    string? Action = null, JsonElement? Parameters = null, string? Schedule = null, string? AsUser = null)
{
    /// <summary>What is tried instead of what is published; null for nothing.</summary>
    public RuleChange? Change => Rule is null ? null : new(Entity, Rule, Script, When, Definition, null, null);
}

/// <summary>What the save would do. Nothing of it is kept.</summary>
/// <param name="Outcome"><c>accepted</c>, <c>refused</c>, or <c>failed</c> where a rule, or its changed text, is wrong.</param>
/// <param name="Detail">Why it is not accepted.</param>
/// <param name="Errors">What is refused, by field.</param>
/// <param name="Messages">What the person is told.</param>
/// <param name="Milliseconds">Time of the whole save.</param>
/// <param name="Rules">The rules in the order in which they began.</param>
/// <param name="Problems">What is wrong with the changed text; then nothing was tried.</param>
/// <param name="Value">What the action returned; null for nothing.</param>
internal sealed record TraceAnswer(
    string Outcome, string? Detail, ImmutableArray<FieldError> Errors, ImmutableArray<SaveMessage> Messages, double Milliseconds, ImmutableArray<TracedRuleView> Rules, ImmutableArray<ProblemView> Problems, JsonElement? Value);

/// <summary>A rule in a trace.</summary>
/// <param name="Entity">Name of its entity; empty for none.</param>
/// <param name="Rule">Its name.</param>
/// <param name="Kind"><c>script</c> or <c>decision</c> for rules, <c>action</c>, <c>schedule</c>.</param>
/// <param name="File">File that the author wrote.</param>
/// <param name="RecordId">The record.</param>
/// <param name="Depth">How many rules led to it by their changes of other records.</param>
/// <param name="Outcome"><c>ran</c>, <c>refused</c>, <c>failed</c>; or why it did not run: <c>event</c>, <c>fields</c>, <c>condition</c>, <c>off</c>, <c>skipped</c>.</param>
/// <param name="Milliseconds">Time, null where it did not run.</param>
/// <param name="Statements">Statements of its script; null for none.</param>
/// <param name="Lines">How often each line of the file was come to; null for none.</param>
/// <param name="Inputs">Values that it saw, by column; null where it did not run.</param>
/// <param name="Changes">Values that it changed, and those that follow by formulas.</param>
/// <param name="Effects">What it did beyond its record.</param>
/// <param name="Log">What it logged.</param>
/// <param name="Errors">What it refuses.</param>
/// <param name="Messages">What it tells the person.</param>
/// <param name="Detail">What ended it, with the line.</param>
internal sealed record TracedRuleView(
    string Entity, string Rule, string Kind, string File, Guid RecordId, int Depth, string Outcome, double? Milliseconds, int? Statements, ImmutableArray<LineView>? Lines,
    ImmutableSortedDictionary<string, JsonElement>? Inputs, ImmutableArray<ChangeView> Changes, ImmutableArray<RuleEffect> Effects, ImmutableArray<LogView> Log, ImmutableArray<FieldError> Errors, ImmutableArray<SaveMessage> Messages, string? Detail)
{
    public static TracedRuleView Of(TracedRule entry)
    {
        var (what, didRun) = (entry.What, entry.Outcome is "ran" or "refused" or "failed");
        var script = didRun ? entry.Script : null;
        return new TracedRuleView(
            what.Key.Entity, what.Key.Name, what.Kind, what.File, entry.RecordId, DepthOf(entry), entry.Outcome,
            didRun ? entry.Time.TotalMilliseconds : null, script?.Statements, script is null ? null : [.. script.Lines.Select(line => new LineView(line.Key, line.Value))],
            didRun && entry.Entity is { } entity ? InputsOf(entity, entry.Before) : null, [.. entry.Changes.Select(ChangeView.Of)], [.. entry.Effects], script is null ? [] : [.. script.Log.Select(line => new LogView(line.Line, line.Text))],
            entry.Errors, entry.Messages, entry.Stopped?.Message);
    }

    private static int DepthOf(TracedRule entry) => entry.Outer is { } outer ? DepthOf(outer) + 1 : 0;

    private static ImmutableSortedDictionary<string, JsonElement> InputsOf(Entity entity, IReadOnlyDictionary<string, object?> values) =>
        values.Where(value => value.Value is not null).ToImmutableSortedDictionary(value => value.Key, value => JsonValue.Of(value.Value, entity.FindColumn(value.Key)?.Column.Type), StringComparer.Ordinal);
}

/// <param name="Line">One-based line.</param>
/// <param name="Times">How often it was come to.</param>
internal sealed record LineView(int Line, int Times);

/// <param name="Line">One-based line that wrote it; 0 where it is not known.</param>
/// <param name="Text">The text.</param>
internal sealed record LogView(int Line, string Text);

/// <summary>A value before and after.</summary>
/// <param name="Field">Name of the field.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Column">API property.</param>
/// <param name="Before">Value before; null for none.</param>
/// <param name="After">Value after; null for none.</param>
internal sealed record ChangeView(string Field, string Label, string Column, JsonElement Before, JsonElement After)
{
    public static ChangeView Of(TracedChange change)
    {
        var type = change.Field.Columns.First(column => column.Name == change.Column).Type;
        return new ChangeView(change.Field.Name, change.Field.Label, change.Column, JsonValue.Of(change.Before, type), JsonValue.Of(change.After, type));
    }
}
