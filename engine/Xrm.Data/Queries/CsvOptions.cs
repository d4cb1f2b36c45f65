namespace Xrm.Data.Queries;

/// <summary>How a client wants its rows as CSV.</summary>
public sealed record CsvOptions
{
    /// <summary>Headings and options of choices as people read them, in the caller's language; else names and values as in JSON.</summary>
    public bool HasLabels { get; init; }

    /// <summary>Begin with U+FEFF, by which spreadsheets tell UTF-8.</summary>
    public bool HasByteOrderMark { get; init; }

    /// <summary>Put an apostrophe before texts that a spreadsheet would run as a formula.</summary>
    public bool GuardsFormulas { get; init; } = true;

    /// <summary>What stands between columns: a comma, a semicolon or a tab.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>Numbers have a comma before their decimals; never where one stands between columns.</summary>
    public bool HasDecimalComma { get; init; }
}
