using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;

namespace Xrm.Server.Tests.OData;

/// <summary>The other options of a query, in the words of <see cref="OptionPrinter"/>.</summary>
internal sealed partial class ReferenceParser
{
    /// <summary>What an option of a query about contracts means; null where it is refused, with the reason.</summary>
    public (string? Tree, string Refusal) Parse(string option, string text) => Parse(option, text, parser => option switch
    {
        "$orderby" => Print(parser.ParseOrderBy()),
        "$select" or "$expand" => Print(parser.ParseSelectAndExpand(), text.Length > 0 && option == "$select"),
        "$compute" => Print(parser.ParseCompute().ComputedItems),
        "$apply" => string.Join('/', parser.ParseApply().Transformations.Select(Print)),
        "$search" => Searched(parser.ParseSearch().Expression),
        _ => Print(parser.ParseFilter().Expression),
    });

    private static string Print(OrderByClause? order)
    {
        var steps = new List<string>();
        for (var step = order; step is not null; step = step.ThenBy) steps.Add($"{Print(step.Expression)} {step.Direction}");
        return string.Join(", ", steps);
    }

    private static string Print(IEnumerable<ComputeExpression> items) => string.Join(", ", items.Select(item => $"{Print(item.Expression)} as {item.Alias}"));

    private static string Print(SelectExpandClause clause, bool isSelected)
    {
        var names = clause.SelectedItems.Where(item => item is WildcardSelectItem or PathSelectItem)
            .Select(item => item is PathSelectItem path ? string.Join('/', path.SelectedPath.Select(segment => segment.Identifier)) : "*").Distinct().Order(StringComparer.Ordinal);
        var expands = clause.SelectedItems.OfType<ExpandedNavigationSelectItem>().Select(Print).Order(StringComparer.Ordinal);
        return $"{(isSelected ? $"select {string.Join(',', names)}" : "")}{(expands.Any() ? $"expand {string.Join(',', expands)}" : "")}";
    }

    private static string Print(ExpandedNavigationSelectItem item)
    {
        var name = string.Join('/', item.PathToNavigationProperty.Select(segment => segment.Identifier));
        var inner = Print(item.SelectAndExpand, item.SelectAndExpand.SelectedItems.Any(part => part is PathSelectItem or WildcardSelectItem));
        return $"{name}({inner}|{(item.FilterOption is { } filter ? Print(filter.Expression) : "")}|{Print(item.OrderByOption)}|{item.TopOption}|{item.SkipOption}|{item.CountOption == true})";
    }

    private static string Print(TransformationNode step) => step switch
    {
        FilterTransformationNode filter => $"filter({Print(filter.FilterClause.Expression)})",
        ComputeTransformationNode compute => $"compute({Print(compute.Expressions)})",
        AggregateTransformationNode aggregate => $"groupby((),{Print(aggregate)})",
        GroupByTransformationNode { ChildTransformations: null } group => $"groupby(({Names(group)}))",
        GroupByTransformationNode { ChildTransformations: AggregateTransformationNode aggregate } group => $"groupby(({Names(group)}),{Print(aggregate)})",
        GroupByTransformationNode => throw new InvalidOperationException("groupby with other steps than aggregate"),
        _ => step.GetType().Name,
    };

    private static string Names(GroupByTransformationNode group) => string.Join(',', group.GroupingProperties.SelectMany(property => Names(property, "")).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Names(GroupByPropertyNode property, string before) => property.ChildTransformations.Count == 0
        ? [before + property.Name] : property.ChildTransformations.SelectMany(inner => Names(inner, $"{before}{property.Name}/"));

    private static string Print(AggregateTransformationNode aggregate) => string.Join(", ", aggregate.AggregateExpressions.OfType<AggregateExpression>().Select(item =>
        item.Method == AggregationMethod.VirtualPropertyCount ? $"Count as {item.Alias}" : $"{Print(item.Expression)} {item.Method} as {item.Alias}"));

    /// <summary>Spaces at the ends of a phrase, and what is denied twice, make no difference to what is found.</summary>
    private static string Searched(QueryNode node) => node switch
    {
        SearchTermNode term => $"'{term.Text.Trim()}'",
        BinaryOperatorNode binary => OptionPrinter.Joined(binary.OperatorKind == BinaryOperatorKind.And, [Searched(binary.Left), Searched(binary.Right)]),
        UnaryOperatorNode { Operand: UnaryOperatorNode not } => Searched(not.Operand),
        UnaryOperatorNode not => $"Not({Searched(not.Operand)})",
        _ => node.GetType().Name,
    };
}
