using System.Collections.Immutable;
using Xrm.Formulas.Nodes;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Formulas;

/// <summary>Which computed fields need which: over lookups and rollups too, since the values of several records may need one another.</summary>
internal sealed class Dependencies(IReadOnlyDictionary<Expression, Formula> formulas)
{
    private readonly Dictionary<Field, bool> _isDone = [];
    private readonly List<Field> _order = [];
    private readonly List<Field> _way = [];

    /// <summary>The fields with a formula or rollup, each behind those that it needs. Fields of a cycle are reported.</summary>
    public ImmutableArray<Field> Order(Model model, IList<Problem> problems)
    {
        foreach (var field in model.Entities.SelectMany(entity => entity.Fields)) Visit(field, problems);
        return [.. _order];
    }

    private void Visit(Field field, IList<Problem> problems)
    {
        if (_isDone.TryGetValue(field, out var isDone))
        {
            if (!isDone) ReportCycle(field, problems);
            return;
        }
        if (field.Formula is null && field.Rollup is null) return;
        _isDone[field] = false;
        _way.Add(field);
        foreach (var needed in Needs(field)) Visit(needed, problems);
        _way.RemoveAt(_way.Count - 1);
        _isDone[field] = true;
        if (field.Formula is null || formulas.ContainsKey(field.Formula)) _order.Add(field);
    }

    private IEnumerable<Field> Needs(Field field)
    {
        if (field.Formula is not null) return UsedBy(field.Formula);
        var where = field.Rollup!.Where is { } expression ? UsedBy(expression) : [];
        return field.Rollup.Reads.Concat(where);
    }

    private IEnumerable<Field> UsedBy(Expression expression) => formulas.TryGetValue(expression, out var formula) ? UsedBy(formula.Root) : [];

    private static IEnumerable<Field> UsedBy(Node node)
    {
        var used = node.Parts.SelectMany(UsedBy);
        return node is FieldNode { IsOuter: false } field ? used.Concat(field.Path) : used;
    }

    private void ReportCycle(Field field, IList<Problem> problems)
    {
        var cycle = _way.Skip(_way.IndexOf(field)).Append(field).ToArray();
        problems.Add(new Problem(FormulaProblems.Cycle, field.Formula?.Location ?? field.Location,
            $"These computed fields go round in a circle, so that none of them can be worked out: {cycle[0]} needs {string.Join(", which needs ", cycle.Skip(1).Select(one => one.ToString()))}.",
            "Change the formula of one of them, so that it does without the next one."));
    }
}
