using Xrm.Data.Errors;

namespace Xrm.Server.OData;

/// <summary>Refusals of queries that are not understood at all, or are too large.</summary>
internal static class QueryErrors
{
    /// <summary>The text does not follow the grammar.</summary>
    public static XrmException NotUnderstood(string message) => new("query_not_understood", 400, message);

    /// <summary>The query exceeds a limit.</summary>
    public static XrmException TooLarge(string message) => new("query_too_large", 400, message);
}
