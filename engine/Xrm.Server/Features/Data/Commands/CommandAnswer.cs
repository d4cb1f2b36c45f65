using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Sql;
using Xrm.Server.Features.Data.Import;
using Xrm.Server.Hosting;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data.Commands;

/// <summary>What is kept of the answer to a command, to give it again: the id of the one record, the rows, or the report of an import.</summary>
internal static class CommandAnswer
{
    /// <summary>The result as JSON.</summary>
    public static string Write<TResult>(TResult result) => JsonText.Write(writer =>
    {
        if (result is ImmutableArray<RowResult> rows) RowResults.Write(writer, rows);
        else if (result is ImportReport report) JsonSerializer.Serialize(writer, report, ApiJson.Options);
        else JsonSerializer.Serialize(writer, (object)new { id = ((SavedRecord)(object)result!).Id, isNew = ((SavedRecord)(object)result).IsNew });
    });
}
