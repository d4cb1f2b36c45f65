using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Xrm.Metadata.Tests.Schemas;

/// <summary>The docstrings of Xrm.Metadata, as the compiler wrote them beside the assembly.</summary>
internal sealed partial class Docstrings
{
    private readonly Dictionary<string, XElement> _members;

    public Docstrings()
    {
        var document = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Xrm.Metadata.xml"));
        _members = document.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
    }

    /// <summary>Summary of a type.</summary>
    public string Of(Type type) => Text(_members[$"T:{type.FullName}"].Element("summary")!);

    /// <summary>Summary of a property, a field, or a record's parameter.</summary>
    public string Of(Type type, string member)
    {
        var name = $"{type.FullName}.{member}";
        var own = _members.GetValueOrDefault($"P:{name}") ?? _members.GetValueOrDefault($"F:{name}");
        var text = own?.Element("summary") ?? _members[$"T:{type.FullName}"].Elements("param").First(param => param.Attribute("name")!.Value == member);
        return Text(text);
    }

    private static string Text(XElement element) => Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{Reference(see.Attribute("cref")!.Value)}`",
        XElement other => Text(other),
        _ => "",
    };

    private static string Reference(string cref)
    {
        var last = cref[(cref.LastIndexOf('.') + 1)..];
        return cref.StartsWith("P:", StringComparison.Ordinal) ? char.ToLowerInvariant(last[0]) + last[1..] : last;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
