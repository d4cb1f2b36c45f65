using System.Collections.Immutable;
using Xrm.Formulas.Nodes;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Formulas;

/// <summary>The formulas of one model, checked. Built once for a model, read-only afterwards.</summary>
public sealed class FormulaSet
{
    private readonly Dictionary<Expression, Formula> _formulas = [];
    private readonly Dictionary<Field, Usage> _usages = [];
    private readonly Dictionary<Entity, ImmutableArray<Field>> _stored = [];

    private FormulaSet(Model model) => Model = model;

    /// <summary>The model.</summary>
    internal Model Model { get; }

    /// <summary>The formula of an expression of the model.</summary>
    /// <exception cref="KeyNotFoundException">The expression belongs to another model, or has a mistake that <see cref="Bind"/> reported.</exception>
    public Formula this[Expression expression] => _formulas[expression];

    /// <summary>Checks every formula of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problems">Takes all mistakes; where there are any, the model must not be used.</param>
    public static FormulaSet Bind(Model model, IList<Problem> problems)
    {
        var formulas = new FormulaSet(model);
        foreach (var place in Places.Of(model))
        {
            if (Binding.Bind(formulas, place, problems) is not { } formula) continue;
            formulas._formulas[place.Expression!] = formula;
            foreach (var undeclared in FieldsIn(formula.Root).Distinct().Select(field => model.FindUndeclared(field, formula.Location)).OfType<Problem>()) problems.Add(undeclared);
        }
        formulas.UserColumns = [.. formulas._formulas.Values.SelectMany(formula => UserColumnsIn(formula.Root)).Distinct().Order(StringComparer.Ordinal)];
        var order = new Dependencies(formulas._formulas).Order(model, problems);
        foreach (var field in order) formulas._usages[field] = field.Formula is { } formula ? formulas.UsageOf(formulas._formulas[formula].Root) : formulas.UsageOf(field.Rollup!);
        foreach (var entity in model.Entities)
            formulas._stored[entity] = [.. order.Where(field => field.Formula is not null && ReferenceEquals(field.Entity, entity) && formulas.IsStored(field))];
        // What is stored is not known of fields that need one another.
        if (problems.Any(problem => problem.Code == FormulaProblems.Cycle)) return formulas;
        formulas.CheckRollups(model, problems);
        // Nor can those be measured of which one is not understood.
        if (problems.Count > 0) return formulas;
        var sizes = new FormulaSizes(formulas);
        foreach (var field in order) sizes.Check(field, problems);
        foreach (var formula in formulas._formulas.Values.Where(formula => formula.Use != FormulaUse.Computed)) sizes.Check(formula, problems);
        return formulas;
    }

    /// <summary>Columns of the users' records that formulas of the model ask for (<c>user.region</c>), by name, in their order.</summary>
    public ImmutableArray<string> UserColumns { get; private set; } = [];

    /// <summary>The formula of an expression; null where it is of another model.</summary>
    /// <param name="expression">The expression.</param>
    public Formula? Find(Expression expression) => _formulas.GetValueOrDefault(expression);

    /// <summary>Checks a formula that is not part of the model, such as one that is being written.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="entity">Entity of the record, from the model of this set.</param>
    /// <param name="location">Where it comes from, for the problems.</param>
    /// <param name="use">What it is for.</param>
    /// <param name="problems">Takes all mistakes.</param>
    /// <param name="field">Field that the value must fit; null where it goes to none.</param>
    /// <returns>The formula; null where it has a mistake.</returns>
    public Formula? BindOne(string text, Entity entity, SourceLocation location, FormulaUse use, IList<Problem> problems, Field? field = null) =>
        Binding.Bind(this, new Place(new Expression(text, location), entity, use) { Field = field }, problems) is { } formula && new FormulaSizes(this).Check(formula, problems) ? formula : null;

    /// <summary>
    /// Whether the table has a column for the field: false for children and links, for computed fields whose formula reaches
    /// other records or changes by itself, and for rollups that say so; those are computed where they are read.
    /// </summary>
    /// <param name="field">A field of the model.</param>
    public bool IsStored(Field field) => field.Column is not null && field.Rollup is not { IsStored: false }
        && (field.Formula is null || (_usages.TryGetValue(field, out var usage) && usage is { IsSameRow: true, IsDeterministic: true, IsStorable: true }));

    /// <summary>The computed fields of an entity that are stored, in an order in which each needs only earlier ones.</summary>
    /// <param name="entity">An entity of the model.</param>
    public ImmutableArray<Field> StoredOf(Entity entity) => _stored[entity];

    /// <summary>What a formula asks for, computed fields that are not stored included.</summary>
    internal Usage UsageOf(Node node)
    {
        var usage = node.Parts.Aggregate(Usage.Of(node), (sum, part) => sum.With(UsageOf(part)));
        if (node is not FieldNode { IsOuter: false } field || IsStored(field.Field) || !_usages.TryGetValue(field.Field, out var inner)) return usage;
        return usage.With(field is { Path.Length: 1, IsSetting: false } ? inner : inner with { Fields = [] });
    }

    /// <summary>What a rollup asks for: always other records.</summary>
    private Usage UsageOf(Rollup rollup)
    {
        var asked = rollup.Reads.Where(read => !IsStored(read)).Select(read => _usages.GetValueOrDefault(read)).OfType<Usage>();
        if (rollup.Where is { } where && _formulas.TryGetValue(where, out var formula)) asked = asked.Append(UsageOf(formula.Root));
        return asked.Aggregate(Usage.None, (sum, part) => sum.With(part)) with { IsSameRow = false, Fields = [] };
    }

    private static IEnumerable<Field> FieldsIn(Node node)
    {
        IEnumerable<Field> own = node switch { FieldNode field => field.Path, CountNode count => count.Path, ChangedNode changed => [changed.Field], UserFieldNode user => [user.Field], _ => [] };
        return own.Concat(node.Parts.SelectMany(FieldsIn));
    }

    private static IEnumerable<string> UserColumnsIn(Node node) => (node is UserFieldNode user ? [user.Column.Name] : Enumerable.Empty<string>()).Concat(node.Parts.SelectMany(UserColumnsIn));

    private void CheckRollups(Model model, IList<Problem> problems)
    {
        foreach (var rollup in model.Entities.SelectMany(entity => entity.Fields).Select(field => field.Rollup).OfType<Rollup>().Where(rollup => rollup.IsStored))
        {
            foreach (var read in rollup.Reads.Where(read => (read.Formula is not null || read.Rollup is not null) && !IsStored(read)))
                problems.Add(new Problem(FormulaProblems.Rollup, rollup.Field.Location, $"{rollup.Field} is made from {read}, which is computed when it is read.", read.Rollup is null
                    ? $"Make the formula of {read} ask only for values of its own record, or say \"stored\": false in the rollup of {rollup.Field}."
                    : $"Leave \"stored\" out of the rollup of {read}, or say \"stored\": false in that of {rollup.Field}, too."));
            if (rollup.Where is { } where && _formulas.TryGetValue(where, out var formula) && UsageOf(formula.Root) is { IsSameRow: false } or { IsDeterministic: false })
                problems.Add(new Problem(FormulaProblems.Rollup, where.Location, $"What {rollup.Field} counts can change without a {rollup.Child} being saved.", $"Ask only for values of the {rollup.Child} itself (no lookups, time or user), or say \"stored\": false, so that it is counted when it is read."));
        }
    }
}
