using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xrm.Server.Features.Metadata;

namespace Xrm.Server.Tests.Metadata;

/// <summary>Writes the answer of <c>/api/metadata/application</c> as the TypeScript that the screens are checked against.</summary>
internal static partial class ScreenContract
{
    private const string Prefix = "Application";

    /// <summary>The content of <c>designer/src/api/model.ts</c>.</summary>
    public static string TypeScript()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(ApplicationModel).Assembly.Location, ".xml"));
        var text = new StringBuilder("// Made from engine/Xrm.Server/Features/Metadata/ApplicationModel.cs by the tests of the server. Do not edit.\n");
        foreach (var type in Reached(typeof(ApplicationModel)))
        {
            text.Append($"\n/** {Summary(documentation, type)} */\nexport interface {Name(type)} {{\n");
            foreach (var property in Properties(type)) text.Append($"  {Member(property)};\n");
            text.Append("}\n");
        }
        return text.ToString();
    }

    /// <summary>The type and all records that it is made of, each once, in the order in which they are met.</summary>
    private static List<Type> Reached(Type root)
    {
        var found = new List<Type> { root };
        for (var index = 0; index < found.Count; index++)
            found.AddRange(Properties(found[index]).Select(property => Element(property.PropertyType)).Where(type => IsOurs(type) && !found.Contains(type)).Distinct());
        return found;
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsOurs(Type type) => type.Namespace == typeof(ApplicationModel).Namespace;

    private static Type Element(Type type)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        return IsList(inner) ? inner.GetGenericArguments()[0] : inner;
    }

    private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private static string Member(PropertyInfo property)
    {
        // Answers leave nulls out.
        var optional = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
        var inner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var element = TypeName(Element(inner), optional);
        var type = !IsList(inner) ? element : element.Contains(' ', StringComparison.Ordinal) ? $"({element})[]" : $"{element}[]";
        return $"{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}{(optional ? "?" : "")}: {type}{(optional && type != "unknown" ? " | undefined" : "")}";
    }

    private static string TypeName(Type type, bool optional) => type switch
    {
        _ when IsOurs(type) => Name(type),
        _ when type == typeof(string) || type == typeof(Guid) => "string",
        _ when type == typeof(bool) => "boolean",
        _ when type == typeof(int) || type == typeof(long) || type == typeof(decimal) => "number",
        _ when type == typeof(JsonElement) => "string | number",
        // A condition is always there; a default may be anything.
        _ when type == typeof(object) => optional ? "unknown" : "boolean | string",
        _ => throw new InvalidOperationException($"Say here how TypeScript writes {type}."),
    };

    private static string Name(Type type) => type == typeof(ApplicationModel) ? type.Name : type.Name[Prefix.Length..];

    private static string Summary(XDocument documentation, Type type)
    {
        var summary = documentation.Descendants("member").Single(member => (string?)member.Attribute("name") == $"T:{type.FullName}").Element("summary")!;
        foreach (var code in summary.Elements("c").ToList()) code.ReplaceWith($"`{code.Value}`");
        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
