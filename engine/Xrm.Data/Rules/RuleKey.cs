using Xrm.Metadata.Compiled;

namespace Xrm.Data.Rules;

/// <summary>Something of a package that runs: it is counted, and can be switched off.</summary>
/// <param name="Kind"><see cref="OfRules"/>, <see cref="OfActions"/>, <see cref="OfSchedules"/> or <see cref="OfForms"/>.</param>
/// <param name="Entity">Name of the entity that it belongs to; empty for none.</param>
/// <param name="Name">Its name; of a script of forms, its file.</param>
public readonly record struct RuleKey(string Kind, string Entity, string Name)
{
    /// <summary>Rules, with or without a script.</summary>
    public const string OfRules = "rule";

    /// <summary>Actions.</summary>
    public const string OfActions = "action";

    /// <summary>Schedules.</summary>
    public const string OfSchedules = "schedule";

    /// <summary>Scripts of forms.</summary>
    public const string OfForms = "form";

    /// <summary>The key of a rule.</summary>
    public static RuleKey Of(Rule rule) => new(OfRules, rule.Entity.Name, rule.Name);

    /// <summary>The key of an action.</summary>
    public static RuleKey Of(ScriptAction action) => new(OfActions, action.Entity?.Name ?? "", action.Name);

    /// <summary>The key of a schedule.</summary>
    public static RuleKey Of(Schedule schedule) => new(OfSchedules, "", schedule.Name);

    /// <summary>The key of a script of an entity's forms.</summary>
    public static RuleKey Of(Entity entity, FormScript script) => new(OfForms, entity.Name, script.Name);
}
