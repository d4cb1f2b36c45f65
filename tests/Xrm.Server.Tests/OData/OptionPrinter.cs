using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Server.OData;
using Xrm.Server.Tests.Queries;

namespace Xrm.Server.Tests.OData;

/// <summary>What we understand by an option of a query about contracts, in one line.</summary>
internal static class OptionPrinter
{
    /// <summary>The option's meaning; null where it is refused, with the reason.</summary>
    public static (string? Tree, string Refusal) Parse(string option, string text)
    {
        try
        {
            var query = ODataUrl.Parse($"?{option}={Uri.EscapeDataString(text)}");
            var context = QueryModel.Context(QueryModel.Person("legal"));
            if (query.KeepsRecords) QueryPlan.For("contracts", query, context);
            else SummaryPlan.For("contracts", query, context);
            return (Print(option, query), "");
        }
        catch (XrmException refused)
        {
            Assert.Equal(400, refused.Status);
            return (null, refused.Message);
        }
    }

    private static string Print(string option, DataQuery query) => option switch
    {
        "$orderby" => Order(query),
        "$select" => Selected(query, isSelected: true),
        "$expand" => Selected(query, isSelected: false),
        "$compute" => Computed(query.Compute),
        "$search" => query.Search is { } search ? Print(search) : "",
        _ => string.Join('/', query.Apply.Select(Print)),
    };

    private static string Order(DataQuery query) => string.Join(", ", query.OrderBy.Select(item => $"{DifferentialTests.Print(item.By)} {(item.Descending ? "Descending" : "Ascending")}"));

    private static string Computed(IEnumerable<ComputeItem> items) => string.Join(", ", items.Select(item => $"{DifferentialTests.Print(item.Value)} as {item.Name.Name}"));

    private static string Selected(DataQuery query, bool isSelected)
    {
        // A star is all that there is: the reference forgets the names beside it.
        var names = query.Select.Any(name => name.Name == "*") ? (IEnumerable<string>)["*"] : query.Select.Select(name => name.Name).Distinct().Order(StringComparer.Ordinal);
        var expands = query.Expand.Select(Print).Order(StringComparer.Ordinal);
        return $"{(isSelected ? $"select {string.Join(',', names)}" : "")}{(expands.Any() ? $"expand {string.Join(',', expands)}" : "")}";
    }

    private static string Print(ExpandItem item) =>
        $"{item.Name}({Selected(item.Options, !item.Options.Select.IsEmpty)}|{(item.Options.Filter is { } filter ? DifferentialTests.Print(filter) : "")}|{Order(item.Options)}|{item.Options.Top}|{(item.Options.Skip > 0 ? item.Options.Skip : "")}|{item.Options.Count})";

    private static string Print(ApplyStep step) => step switch
    {
        FilterStep filter => $"filter({DifferentialTests.Print(filter.Condition)})",
        ComputeStep compute => $"compute({Computed(compute.Items)})",
        GroupStep group => $"groupby(({string.Join(',', group.By.Select(path => path.ToString()).Order(StringComparer.Ordinal))}){(group.Aggregates.IsEmpty ? "" : $",{Aggregates(group)}")})",
        _ => step.GetType().Name,
    };

    private static string Aggregates(GroupStep group) => string.Join(", ", group.Aggregates.Select(item => item.Value is null ? $"Count as {item.Name.Name}" : $"{DifferentialTests.Print(item.Value)} {item.Method} as {item.Name.Name}"));

    /// <summary>Words joined by the same operator stand beside each other, each once: order and parentheses make no difference to what is found.</summary>
    public static string Joined(bool all, IEnumerable<string> parts)
    {
        var (open, sign) = ($"{(all ? "All" : "Any")}[", all ? '&' : '|');
        var flat = parts.SelectMany(part => part.StartsWith(open, StringComparison.Ordinal) ? part[open.Length..^1].Split(all ? " & " : " | ") : [part]).Distinct().ToArray();
        return flat.Length == 1 ? flat[0] : $"{open}{string.Join($" {sign} ", flat)}]";
    }

    private static string Print(SearchNode node) => node switch
    {
        SearchWord word => $"'{word.Text}'",
        SearchNot not => $"Not({Print(not.Operand)})",
        SearchGroup group => Joined(group.All, group.Operands.Select(Print)),
        _ => throw new InvalidOperationException(node.GetType().Name),
    };
}
