using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Features.Data.Import;

/// <summary>What a column of a file means.</summary>
/// <param name="Index">Where it stands in each line.</param>
/// <param name="Heading">What the file calls it.</param>
/// <param name="Field">The field.</param>
/// <param name="Column">Its column; null where the record of a lookup is named by a text, and for a secret.</param>
internal sealed record ImportColumn(int Index, string Heading, Field Field, Column? Column)
{
    /// <summary>Field of the other record by which a lookup names it; null for its id, a key of one text, or its title.</summary>
    public Field? By { get; init; }

    /// <summary>A value of the other record, which is not this one's to write.</summary>
    public bool IsForeign { get; init; }

    /// <summary>A text names the record of a lookup.</summary>
    public bool IsTitle => Column is null && Field.IsLookup;

    /// <summary>The column has the id of another record.</summary>
    public bool IsReference => Column is { Part.Length: 0 } && Field.IsLookup;

    /// <summary>Name of the property that the API has for it.</summary>
    public string Property => Column?.Name ?? (Field.IsLookup ? Field.Columns[0].Name : Field.Name);
}
