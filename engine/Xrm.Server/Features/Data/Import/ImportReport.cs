using System.Collections.Immutable;

namespace Xrm.Server.Features.Data.Import;

/// <summary>What became of an import.</summary>
/// <param name="Id">Its id, which stands in the history of each record; null where nothing is kept of it.</param>
/// <param name="DryRun">It was only tried: nothing is stored.</param>
/// <param name="Rows">Records in the file.</param>
/// <param name="Created">Records that were made, or would be made where it is only tried.</param>
/// <param name="Refused">Records that were refused.</param>
/// <param name="IsComplete">All rows were looked at; false where so many are wrong that the others were left.</param>
/// <param name="Refusals">Why, in the order of the file; not all where there are many.</param>
/// <param name="MoreRefusals">How many reasons more there are.</param>
/// <param name="Skipped">Headings of columns that were left out, because nobody can write them.</param>
internal sealed record ImportReport(Guid? Id, bool DryRun, int Rows, int Created, int Refused, bool IsComplete, ImmutableArray<ImportRefusal> Refusals, int MoreRefusals, ImmutableArray<string> Skipped);

/// <summary>Why a row of a file was refused.</summary>
/// <param name="Line">Number of its line in the file, from 1.</param>
/// <param name="Column">The column as the file calls it, or the property of the API that the file does not have; null for the record as a whole.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Message">For people.</param>
internal sealed record ImportRefusal(int Line, string? Column, string Code, string Message);

/// <summary>Ends the transaction of an import that must not stay: it was only tried, or some of its rows are refused.</summary>
internal sealed class ImportUndoneException(ImportReport report) : Exception
{
    /// <summary>What would have become of it.</summary>
    public ImportReport Report => report;
}
