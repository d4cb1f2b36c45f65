using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Server.Localization;

namespace Xrm.Server.Features.Data;

/// <summary>The headings of CSV as people read them: exports write them, imports know them again.</summary>
internal static class CsvLabels
{
    /// <summary>The heading of a column.</summary>
    /// <param name="path">The fields that lead to the value, the one that has it last.</param>
    /// <param name="column">Name of the column; that of the field for the title of a lookup.</param>
    /// <param name="texts">The language.</param>
    public static string Of(ImmutableArray<Field> path, string column, Texts texts)
    {
        var label = string.Join(": ", path.Select(texts.Field));
        var part = Part(path[^1], column);
        return part.Length == 0 ? label : $"{label} ({part})";
    }

    /// <summary>What tells a column from the others of its field: <c>id</c> for that of a lookup, whose title has the label alone.</summary>
    private static string Part(Field field, string column)
    {
        var part = field.Columns.FirstOrDefault(one => one.Name == column)?.Part ?? "";
        return part.Length > 0 ? part.Replace('_', ' ') : !field.Targets.IsEmpty && column != field.Name ? "id" : "";
    }
}
