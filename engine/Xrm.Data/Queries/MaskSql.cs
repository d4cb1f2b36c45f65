using System.Diagnostics.CodeAnalysis;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes as SQL the part of a value that somebody sees who may not see all of it. What is hidden never leaves the database.</summary>
internal sealed class MaskSql(TermSql terms)
{
    /// <summary>What stands for the hidden part, however long it is.</summary>
    public const string Hidden = "•••••";

    // Of a shorter text the last four characters would be most of it.
    private const int ShortestShown = 8;

    private SqlBuilder Sql => terms.Sql;

    public void Write(MaskTerm term)
    {
        if (term is { Mask: "year", Type: ColumnType.Date }) Call("cast(date_trunc('year', ", term.Value, ") as date)");
        else if (term.Type != ColumnType.Text) Sql.Value(null, term.Type);
        else Text(term);
    }

    private void Text(MaskTerm term)
    {
        Sql.Text("case");
        switch (term.Mask)
        {
            case "lastFour":
                Call(" when length(", term.Value, ") >= ").Number(ShortestShown).Text(" then ").Value(Hidden, ColumnType.Text).Text(" || ");
                Call("right(", term.Value, ", 4)");
                break;
            case "firstLetter":
                Call(" when length(", term.Value, ") > 1 then ");
                Call("left(", term.Value, ", 1) || ").Value(Hidden, ColumnType.Text);
                break;
            case "domain":
                Call(" when position('@' in ", term.Value, ") > 2 then ");
                Call("left(", term.Value, ", 1) || ").Value(Hidden, ColumnType.Text).Text(" || ");
                Call("substring(", term.Value, " from position('@' in ");
                Call("", term.Value, "))");
                break;
        }
        Call(" when ", term.Value, " <> '' then ").Value(Hidden, ColumnType.Text).Text(" end");
    }

    private SqlBuilder Call([ConstantExpected] string before, Term value, [ConstantExpected] string after)
    {
        Sql.Text(before);
        terms.Write(value);
        return Sql.Text(after);
    }
}
