using System.Text.RegularExpressions;
using Xrm.Metadata.Compiled.Building;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Application;

/// <summary>Workflows: trigger and steps name things that are there, and each step has what its type needs and nothing else.</summary>
internal static partial class WorkflowCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Draft.Packages.SelectMany(package => package.Workflows).SelectMany(workflow => Of(workflow, merged));

    private static List<Problem> Of(InFile<Workflow> workflow, Merged merged)
    {
        var problems = Unknown.Roles(merged.Draft, workflow.Value.Trigger.Roles, i => workflow.At($"$.trigger.roles[{i}]")).ToList();
        if (merged.Draft.Find(workflow.Value.Entity, workflow.At("$.entity"), problems) is not { } entity) return problems;
        problems.AddRange(Unknown.Fields(entity, workflow.Value.Trigger.Fields, i => workflow.At($"$.trigger.fields[{i}]")));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (step, path) in WorkflowBuilder.Steps(workflow.Value.Steps, "$.steps"))
        {
            var origin = new Origin(workflow.File, path);
            if (!names.Add(step.Name))
                problems.Add(new Problem(ProblemCodes.NameTwice, origin.At(".name"), $"There are two steps named {step.Name}.", "Rename one of them."));
            problems.AddRange(Properties(step, origin));
            problems.AddRange(Templates(step, origin));
            problems.AddRange(Values(step, entity, origin, merged));
            if (workflow.Value.Trigger.On.Contains("delete")) problems.AddRange(AfterDelete(step, entity, origin, merged));
        }
        return problems;
    }

    /// <summary>The paths in them are formulas, and are checked with those.</summary>
    private static IEnumerable<Problem> Templates(Step step, Origin origin) =>
        from part in new[] { (Name: "subject", Text: step.Subject), (Name: "body", Text: step.Body) }
        where part.Text is not null
        from mistake in new MailTemplate(part.Text).Mistakes()
        select new Problem(ProblemCodes.TemplateWrong, origin.At($".{part.Name}"), mistake, "Write {{field}} or {{lookup.field}} for a value, and {{#if field}} … {{else}} … {{/if}} or {{#unless field}} … {{/unless}} for a part.");

    /// <summary>When a deletion has started the workflow, its record can be read but is not there any more.</summary>
    private static IEnumerable<Problem> AfterDelete(Step step, DraftEntity entity, Origin origin, Merged merged)
    {
        const string remedy = "Take delete out of trigger.on; write a workflow of its own for deletions.";
        if (step.Type == "set")
            yield return new Problem(ProblemCodes.StepWrong, origin.At(".type"), $"A deletion starts this workflow: then there is no {entity.Name} any more to set values of.", remedy);
        if (step.Type != "create" || step.Entity is not { } name || merged.Model.FindEntity(name) is not { } created) yield break;
        foreach (var (field, value) in step.Values)
            if (Checking.Values.IsFormula(value) && value.GetProperty("formula").GetString()!.Trim() == "id" && created.FindField(field) is { Targets.IsEmpty: false })
                yield return new Problem(ProblemCodes.StepWrong, origin.File.At(JsonScan.Append($"{origin.Path}.values", field)), $"A deletion starts this workflow: then there is no {entity.Name} any more that {created.Name}.{field} could point to.", remedy);
    }

    private static IEnumerable<Problem> Properties(Step step, Origin origin)
    {
        if (Takes(step.Type) is not { } takes) yield break;
        foreach (var name in takes.Needs.Where(name => !Has(step, name)))
            yield return new Problem(ProblemCodes.StepWrong, origin.At($".{name}"), $"A step of type {step.Type} needs {name}.", $"Add {name}.");
        foreach (var name in All.Except(takes.Needs).Except(takes.May).Where(name => Has(step, name)))
            yield return new Problem(ProblemCodes.StepWrong, origin.At($".{name}"), $"A step of type {step.Type} does not take {name}.", $"Remove {name}. It takes {string.Join(", ", takes.Needs.Concat(takes.May))}.");
        if (step.Type == "wait" && Has(step, "for") == Has(step, "until"))
            yield return new Problem(ProblemCodes.StepWrong, origin.At(), "A step of type wait needs either for or until.", "Give one of the two.");
        if (step.For is { } duration && !Duration().IsMatch(duration))
            yield return new Problem(ProblemCodes.DurationWrong, origin.At(".for"), $"{duration} is not a duration.", "Write an ISO 8601 duration such as P3D (three days) or PT2H (two hours).");
    }

    private static readonly string[] All = ["when", "then", "else", "entity", "values", "to", "subject", "body", "for", "until"];

    /// <summary>What a step takes; null for the actions of plugins, which check for themselves.</summary>
    private static (string[] Needs, string[] May)? Takes(string type) => type switch
    {
        "set" => (["values"], []),
        "create" => (["entity"], ["values"]),
        "email" => (["to", "subject", "body"], []),
        "wait" => ([], ["for", "until"]),
        "condition" => (["when"], ["then", "else"]),
        _ => null,
    };

    private static bool Has(Step step, string property) => property switch
    {
        "when" => step.When is not null,
        "then" => !step.Then.IsEmpty,
        "else" => !step.Else.IsEmpty,
        "entity" => step.Entity is not null,
        "values" => !step.Values.IsEmpty,
        "to" => step.To is not null,
        "subject" => step.Subject is not null,
        "body" => step.Body is not null,
        "for" => step.For is not null,
        _ => step.Until is not null,
    };

    private static List<Problem> Values(Step step, DraftEntity entity, Origin origin, Merged merged)
    {
        var problems = new List<Problem>();
        var written = step.Type switch
        {
            "set" => entity,
            "create" when step.Entity is { } name => merged.Draft.Find(name, origin.At(".entity"), problems),
            _ => null,
        };
        if (written is null) return problems;
        foreach (var (name, value) in step.Values)
        {
            var location = origin.File.At(JsonScan.Append($"{origin.Path}.values", name));
            if (!Checking.Values.IsFormula(value))
                problems.AddRange(Checking.Values.FindMistake(written, merged.Model, name, value, location) is { } mistake ? [mistake] : []);
            else if (!written.Has(name) && merged.Model.FindEntity(written.Name)?.FindColumn(name) is null)
                problems.Add(Unknown.Field(written, name, location));
        }
        return problems;
    }

    [GeneratedRegex(@"\AP(?!\z)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?!\z)(\d+H)?(\d+M)?(\d+S)?)?)\z")]
    private static partial Regex Duration();
}
