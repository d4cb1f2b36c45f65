using System.Text;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Tests.Schemas;

namespace Xrm.Metadata.Tests.Documentation;

/// <summary>Writes the field types as a page for people.</summary>
internal static class FieldTypeReference
{
    private const string Head = """
        # Field type reference

        One chapter per value of a field's `type`. This page is made from `engine/Xrm.Metadata/FieldTypes`. The meaning of the settings
        is in the [metadata reference](metadata.md#field).

        Columns are those of a field named `x`: they are the columns in the database and the properties of the API.

        """;

    public static string Write(FieldTypeRegistry types, Docstrings docs)
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        page.Append($"\nEvery type takes {List(CommonSettings.All)}, unless its chapter says otherwise.\n");
        foreach (var type in types.All)
        {
            page.Append($"\n## {type.Name}\n\n{docs.Of(type.GetType())}\n\n");
            var columns = type.Columns(new Metadata.Source.Field { Name = "x", Type = type.Name }, []);
            page.Append($"- Columns: {(columns.IsEmpty ? "none; the values are records of another entity" : string.Join(", ", columns.Select(Describe)))}\n");
            page.Append($"- To formulas: {type.Kind.ToString().ToLowerInvariant()}\n");
            if (!type.Settings.IsEmpty) page.Append($"- Takes also: {List(type.Settings)}\n");
            if (!type.Refuses.IsEmpty) page.Append($"- Does not take: {List(type.Refuses.Distinct())}\n");
        }
        return page.ToString();
    }

    private static string Describe(Column column) => $"`{column.Name}` ({column.Type.ToString().ToLowerInvariant()}{(column.Computed ? ", computed" : "")})";

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
}
