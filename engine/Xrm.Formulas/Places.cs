using System.Globalization;
using System.Text.RegularExpressions;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas;

/// <summary>All places of a model where formulas stand.</summary>
internal static partial class Places
{
    public static IEnumerable<Place> Of(Model model) =>
    [
        .. model.Entities.SelectMany(Of),
        .. model.Forms.SelectMany(form => form.Visible.Values.Select(visible => new Place(visible, form.Entity, FormulaUse.Condition))),
        .. model.Views.Where(view => view.Filter is not null).Select(view => new Place(view.Filter!, view.Entity, FormulaUse.Filter)),
        .. model.Workflows.SelectMany(workflow => Of(workflow, model)),
        .. model.RowFilters.Select(filter => new Place(filter.Value, model.FindEntity(filter.Key.Entity)!, FormulaUse.Filter)),
        .. model.Actions.Where(action => action.When is not null).Select(action => new Place(action.When!, action.Entity!, FormulaUse.Condition)),
    ];

    private static IEnumerable<Place> Of(Entity entity) =>
    [
        .. entity.Fields.SelectMany(Of),
        .. entity.Validations.Select(validation => new Place(validation.When, entity, FormulaUse.Condition)),
        .. entity.Rules.Where(rule => rule.When is not null).Select(rule => new Place(rule.When!, entity, FormulaUse.Condition)),
        .. entity.Rules.Select(rule => rule.Decision).OfType<Decision>().SelectMany(decision => Of(decision, entity)),
        .. (entity.Lifecycle?.Transitions ?? []).Where(transition => transition.When is not null).Select(transition => new Place(transition.When!, entity, FormulaUse.Condition)),
    ];

    private static IEnumerable<Place> Of(Decision decision, Entity entity)
    {
        if (decision.When is { } when) yield return new Place(when, entity, FormulaUse.Condition);
        foreach (var action in decision.Then.Concat(decision.Else))
            if (action is { To: { } to, Fields: [var field] }) yield return new Place(to, entity, FormulaUse.Value) { Field = field };
    }

    private static IEnumerable<Place> Of(Field field)
    {
        foreach (var condition in new[] { field.Required.Formula, field.Readonly.Formula, field.Visible.Formula })
        {
            if (condition is not null) yield return new Place(condition, field.Entity, FormulaUse.Condition);
        }
        if (field.DefaultFormula is { } @default) yield return new Place(@default, field.Entity, FormulaUse.Value) { Field = field };
        if (field.Formula is { } formula) yield return new Place(formula, field.Entity, FormulaUse.Computed) { Field = field };
        if (field.Filter is { } filter && field.Targets is [var target]) yield return new Place(filter, target, FormulaUse.Filter) { Outer = field.Entity };
        if (field.Rollup is { Where: { } where } rollup) yield return new Place(where, rollup.Child, FormulaUse.Filter);
    }

    private static IEnumerable<Place> Of(Workflow workflow, Model model)
    {
        if (workflow.When is { } when) yield return new Place(when, workflow.Entity, FormulaUse.Condition);
        foreach (var (path, expression) in workflow.Expressions)
        {
            // Steps run after the save, over the stored record: there is no change to ask for any more.
            var place = new Place(expression, workflow.Entity, FormulaUse.Computed);
            if (path.EndsWith(".when", StringComparison.Ordinal)) yield return place with { Use = FormulaUse.Filter };
            else if (path.EndsWith(".to", StringComparison.Ordinal)) yield return place with { Kinds = [ValueKind.Text, ValueKind.List] };
            else if (path.EndsWith(".until", StringComparison.Ordinal)) yield return place with { Kinds = [ValueKind.Date, ValueKind.DateTime] };
            else yield return place with { Field = Assigned(workflow, path, model) };
        }
    }

    /// <summary>The field that a step's value goes to; null for the arguments of a plugin's action.</summary>
    private static Field? Assigned(Workflow workflow, string path, Model model)
    {
        var steps = workflow.Source.Steps;
        Metadata.Source.Step? step = null;
        foreach (Match match in StepIndex().Matches(path))
        {
            if (step is not null) steps = match.Groups[1].Value == "else" ? step.Else : step.Then;
            step = steps[int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)];
        }
        if (step is null || ValueName().Match(path) is not { Success: true } name) return null;
        var entity = step.Type switch
        {
            "set" => workflow.Entity,
            "create" when step.Entity is { } target => model.FindEntity(target),
            _ => null,
        };
        return entity?.FindField(name.Groups[1].Value);
    }

    [GeneratedRegex(@"\b(steps|then|else)\[(\d+)\]")]
    private static partial Regex StepIndex();

    [GeneratedRegex(@"\.values\.([a-z0-9_]+)")]
    private static partial Regex ValueName();
}
