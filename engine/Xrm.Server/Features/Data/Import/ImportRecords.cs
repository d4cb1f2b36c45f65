using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Server.Features.Data.Commands;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.Import;

/// <summary>Makes the records of a file.</summary>
/// <param name="Request">Who wants it, of which entity.</param>
/// <param name="File">The file.</param>
/// <param name="Options">How it is wanted.</param>
internal sealed record ImportRecords(RecordRequest Request, CsvFile File, ImportOptions Options) : DataCommand<ImportReport>(Request)
{
    public override ImmutableArray<Operation> Operations => [Operation.Import];

    /// <summary>What the columns of the file mean.</summary>
    public required ImmutableArray<ImportColumn> Columns { get; init; }

    /// <summary>Headings of columns that are left out.</summary>
    public required ImmutableArray<string> Skipped { get; init; }

    /// <summary>Tells the audit of it, in the same transaction.</summary>
    public required Func<SaveUnit, ImportReport, CancellationToken, Task> Note { get; init; }
}

/// <summary>How an import is wanted.</summary>
/// <param name="IsDryRun">Only try it, and undo all.</param>
/// <param name="ContinuesOnError">Store what is right, though other rows are refused; else all or nothing.</param>
/// <param name="SkipsComputed">Leave out columns that nobody can write.</param>
/// <param name="HasDecimalComma">Numbers have a comma before their decimals.</param>
internal readonly record struct ImportOptions(bool IsDryRun, bool ContinuesOnError, bool SkipsComputed, bool HasDecimalComma)
{
    /// <summary>Reads them from the query of a URL.</summary>
    /// <exception cref="Xrm.Data.Errors.XrmException">400: one is not known, or has another value than it can have.</exception>
    public static ImportOptions Read(IQueryCollection query)
    {
        var options = new ImportOptions();
        foreach (var (name, value) in query)
            options = (name, value.ToString()) switch
            {
                ("dryRun", "true" or "false") => options with { IsDryRun = value == "true" },
                ("onError", "stop" or "continue") => options with { ContinuesOnError = value == "continue" },
                ("computed", "refuse" or "skip") => options with { SkipsComputed = value == "skip" },
                ("decimal", "point" or "comma") => options with { HasDecimalComma = value == "comma" },
                _ => throw CsvFile.Problem("invalid_option", $"'{name}={value}' is no option of an import. There are dryRun=true, onError=stop or continue, computed=refuse or skip, and decimal=point or comma."),
            };
        return options;
    }
}
