using System.Globalization;
using System.Xml;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.UriParser;
using Xrm.Server.Features.Data;
using Xrm.Server.Tests.Queries;

namespace Xrm.Server.Tests.OData;

/// <summary>Microsoft's parser of conditions, over the model as the API describes it, and its trees in the words of <see cref="QueryPrinter"/>.</summary>
internal sealed partial class ReferenceParser
{
    private static readonly Uri Root = new("http://x/");
    private readonly IEdmModel _model;

    public ReferenceParser()
    {
        using var csdl = XmlReader.Create(new MemoryStream(CsdlDocument.Write(QueryModel.Published, QueryModel.Person("legal"))));
        _model = CsdlReader.Parse(csdl);
    }

    /// <summary>The tree of a condition about contracts; null where it is refused, with the reason.</summary>
    public (string? Tree, string Refusal) Parse(string filter) => Parse("$filter", filter, parser => Print(parser.ParseFilter().Expression));

    private (string? Tree, string Refusal) Parse(string option, string text, Func<ODataUriParser, string> print)
    {
        try
        {
            return (print(new ODataUriParser(_model, Root, new Uri(Root, $"contracts?{option}={Uri.EscapeDataString(text)}"))), "");
        }
        catch (Exception refused) when (refused is ODataException or ArgumentException or OverflowException or FormatException or InvalidOperationException or NullReferenceException)
        {
            return (null, refused.Message);
        }
    }

    private static string Print(QueryNode node) => node switch
    {
        ConvertNode convert => Print(convert.Source),
        ConstantNode constant => Print(constant),
        BinaryOperatorNode binary => $"({Print(binary.Left)} {binary.OperatorKind.ToString().Replace("Than", "", StringComparison.Ordinal)} {Print(binary.Right)})",
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => $"Not({Print(not.Operand)})",
        UnaryOperatorNode negate => $"Negate({Print(negate.Operand)})",
        SingleValueFunctionCallNode call => $"{call.Name}({string.Join(", ", call.Parameters.Select(Print))})",
        SingleValuePropertyAccessNode property => Path(property.Source, property.Property.Name),
        SingleValueOpenPropertyAccessNode property => Path(property.Source, property.Name),
        CollectionPropertyAccessNode property => Path(property.Source, property.Property.Name),
        SingleNavigationNode navigation => Path(navigation.Source, navigation.NavigationProperty.Name),
        CollectionNavigationNode navigation => Path(navigation.Source, navigation.NavigationProperty.Name),
        ResourceRangeVariableReferenceNode variable => variable.Name == "$it" ? "" : variable.Name,
        NonResourceRangeVariableReferenceNode variable => variable.Name,
        AnyNode { Body: ConstantNode { Value: true }, CurrentRangeVariable: null } any => $"Any({Print(any.Source)})",
        AnyNode any => $"Any({Print(any.Source)}, {any.CurrentRangeVariable.Name}: {Print(any.Body)})",
        AllNode all => $"All({Print(all.Source)}, {all.CurrentRangeVariable.Name}: {Print(all.Body)})",
        CountNode count => $"Count({Print(count.Source)})",
        InNode list => $"{Print(list.Left)} In {Print(list.Right)}",
        CollectionConstantNode list => $"[{string.Join(", ", list.Collection.Select(Print))}]",
        _ => node.GetType().Name,
    };

    private static string Path(QueryNode source, string name) => Print(source) is { Length: > 0 } path ? $"{path}/{name}" : name;

    private static string Print(ConstantNode constant) => constant.Value switch
    {
        null => "null",
        string text => $"'{text}'",
        bool truth => truth ? "true" : "false",
        DateTimeOffset instant => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        Date date => date.ToString(),
        TimeOfDay time => new TimeOnly(time.Ticks).ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        Guid id => id.ToString("D"),
        IFormattable when decimal.TryParse(constant.LiteralText, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number.ToString("G29", CultureInfo.InvariantCulture),
        var value => value.ToString()!,
    };
}
