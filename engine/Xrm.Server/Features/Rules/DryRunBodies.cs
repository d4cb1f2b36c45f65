using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Rules;

/// <summary>A rule, or a changed formula, to be tried on records.</summary>
/// <param name="Entity">Name of the entity.</param>
/// <param name="Rule">Name of a rule of it; with <paramref name="Definition"/> also of a new one.</param>
/// <param name="Script">Another text of the rule's script, in JavaScript as it runs; as published where missing.</param>
/// <param name="When">Another condition of a rule with a script, none where empty; as published where missing.</param>
/// <param name="Definition">The rule as packages would hold it; as published where missing. For one that has a script, <paramref name="Script"/> holds its text.</param>
/// <param name="Field">Name of a field instead of a rule.</param>
/// <param name="Formula">The field's new formula.</param>
/// <param name="Operation">What the rule is to believe happens: <c>update</c>, <c>create</c> or <c>delete</c>; the first of them that starts it where missing.</param>
/// <param name="Filter">Which records, in the syntax of <c>$filter</c>; all where missing.</param>
/// <param name="After">Where to go on: <c>next</c> of the answer before.</param>
/// <param name="Limit">Most records to examine in this call, 1 to 5000; 1000 where missing.</param>
internal sealed record DryRunRequest(
    string? Entity, string? Rule, string? Script, string? When, JsonElement? Definition, string? Field, string? Formula, string? Operation, string? Filter, Guid? After, int? Limit)
{
    /// <summary>What is tried instead of what is published.</summary>
    public RuleChange Change => new(Entity, Rule, Script, When, Definition, Field, Formula);
}

/// <summary>What is tried instead of what is published, as in <see cref="DryRunRequest"/>.</summary>
internal sealed record RuleChange(string? Entity, string? Rule, string? Script, string? When, JsonElement? Definition, string? Field, string? Formula);

/// <summary>What would become of the records. Nothing of it is kept.</summary>
/// <param name="Total">Records that fulfil the filter.</param>
/// <param name="Examined">Of them, those examined in this call.</param>
/// <param name="Changed">Of these, those that would change.</param>
/// <param name="Refused">Of these, those whose save would be refused.</param>
/// <param name="Failed">Of these, those on which the rule goes wrong.</param>
/// <param name="Next">Where to go on; null where all were examined.</param>
/// <param name="Milliseconds">Time of this call.</param>
/// <param name="Samples">The first 20 that would change or be refused, or on which the rule goes wrong.</param>
/// <param name="Problems">What is wrong with the changed text; then nothing was tried.</param>
internal sealed record DryRunAnswer(
    long Total, int Examined, int Changed, int Refused, int Failed, Guid? Next, double Milliseconds, ImmutableArray<SampleView> Samples, ImmutableArray<ProblemView> Problems);

/// <summary>What would become of a record.</summary>
/// <param name="Id">The record.</param>
/// <param name="Title">What stands for it.</param>
/// <param name="Outcome"><c>changed</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Changes">Values before and after.</param>
/// <param name="Errors">What is refused.</param>
/// <param name="Messages">What the person would be told.</param>
/// <param name="Detail">What went wrong.</param>
internal sealed record SampleView(
    Guid Id, string? Title, string Outcome, ImmutableArray<ChangeView> Changes, ImmutableArray<FieldError> Errors, ImmutableArray<SaveMessage> Messages, string? Detail);

/// <summary>A mistake in a changed text.</summary>
internal sealed record ProblemView(string Code, SourceLocation Location, string Message, string Remedy)
{
    public static ProblemView Of(Problem problem) => new(problem.Code, problem.Location, problem.Message, problem.Remedy);
}
