using Xrm.Data.Rules;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Insight;

/// <summary>Something that runs and is counted, traced and can be switched off.</summary>
/// <param name="Key">What it is.</param>
/// <param name="Kind"><c>script</c> or <c>decision</c> for rules, <c>action</c>, <c>schedule</c>.</param>
/// <param name="File">File that the author wrote.</param>
internal readonly record struct Watched(RuleKey Key, string Kind, string File)
{
    public static Watched Of(Rule rule) => new(RuleKey.Of(rule), rule.Decision is null ? "script" : "decision", rule.Location.File);

    public static Watched Of(ScriptAction action) => new(RuleKey.Of(action), "action", action.Script.Location.File);

    public static Watched Of(Schedule schedule) => new(RuleKey.Of(schedule), "schedule", schedule.Script.Location.File);
}
