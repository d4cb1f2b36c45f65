using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Compiled.Building;

/// <summary>Workflows of all packages with the formulas of their steps.</summary>
internal sealed class WorkflowBuilder(Draft draft, FrozenDictionary<string, Entity> entities)
{
    public ImmutableArray<Workflow> Build() =>
    [
        .. draft.Packages.SelectMany(package => package.Workflows).DistinctBy(workflow => workflow.Value.Name)
            .Where(workflow => entities.ContainsKey(workflow.Value.Entity))
            .Select(workflow => new Workflow(workflow.Value, entities[workflow.Value.Entity],
                Located.Expression(workflow.Value.Trigger.When, workflow.At("$.trigger.when")), Formulas(workflow))),
    ];

    private static ImmutableSortedDictionary<string, Expression> Formulas(InFile<Source.Workflow> workflow)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, Expression>(StringComparer.Ordinal);
        foreach (var (step, path) in Steps(workflow.Value.Steps, "$.steps"))
        {
            Add($"{path}.when", step.When);
            Add($"{path}.to", step.To);
            Add($"{path}.until", step.Until);
            AddPlaceholders($"{path}.subject", step.Subject);
            AddPlaceholders($"{path}.body", step.Body);
            foreach (var (name, value) in step.Values)
                if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("formula", out var formula) && formula.ValueKind == JsonValueKind.String)
                    Add($"{JsonScan.Append($"{path}.values", name)}.formula", formula.GetString());
        }
        return found.ToImmutable();

        void AddPlaceholders(string path, string? text)
        {
            if (text is null) return;
            var template = new MailTemplate(text);
            foreach (var placeholder in template.Shown.Union(template.Asked)) found[$"{path} {placeholder}"] = new Expression(placeholder, workflow.At(path));
        }

        void Add(string path, string? formula)
        {
            if (formula is not null) found[path] = new Expression(formula, workflow.At(path));
        }
    }

    /// <summary>All steps with their JSON paths, those of branches included.</summary>
    public static IEnumerable<(Step Step, string Path)> Steps(ImmutableArray<Step> steps, string path)
    {
        for (var i = 0; i < steps.Length; i++)
        {
            var here = $"{path}[{i}]";
            yield return (steps[i], here);
            foreach (var inner in Steps(steps[i].Then, $"{here}.then")) yield return inner;
            foreach (var inner in Steps(steps[i].Else, $"{here}.else")) yield return inner;
        }
    }
}
