namespace Xrm.Metadata.FieldTypes;

/// <summary>One stored value of a field. Its name is the SQL column and the API property.</summary>
/// <param name="Name">Full name: the field's own (<c>title</c>), or with a suffix (<c>account_id</c>, <c>value_currency</c>).</param>
/// <param name="Type">How it is stored.</param>
public sealed record Column(string Name, ColumnType Type)
{
    /// <summary>Part of a composite field, e.g. <c>currency</c>; empty for the field's main value.</summary>
    public string Part { get; init; } = "";

    /// <summary>Total digits of a <see cref="ColumnType.Decimal"/>; 0 for the others.</summary>
    public int Precision { get; init; }

    /// <summary>Digits after the point of a <see cref="ColumnType.Decimal"/>; 0 for the others.</summary>
    public int Scale { get; init; }

    /// <summary>
    /// A text that people read as words: lists are sorted by the rules of languages. The others (codes, addresses of e-mail, numbers)
    /// are sorted by code points.
    /// </summary>
    public bool IsWords { get; init; }

    /// <summary>The engine computes it: clients cannot write it.</summary>
    public bool Computed { get; init; }
}
