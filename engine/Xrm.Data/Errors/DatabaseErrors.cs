using System.Net.Sockets;
using Npgsql;

namespace Xrm.Data.Errors;

/// <summary>Turns what PostgreSQL and the driver throw into answers that clients can act on.</summary>
public static class DatabaseErrors
{
    /// <summary>The answer for an exception of the database; null where it is a defect of ours (or no exception of the database).</summary>
    public static XrmException? Translate(Exception exception) => exception switch
    {
        XrmException known => known,
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } busy =>
            new XrmException("record_busy", 503, "Somebody else is changing the same records. Try again.", inner: busy),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } slow =>
            new XrmException("query_timeout", 503, "The database took too long to answer. Try again, or ask for less.", inner: slow),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } twice =>
            new XrmException("not_unique", 409, "Another record already has this value.", inner: twice),
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation } used =>
            new XrmException("record_in_use", 409, "Other records still point to this one, or one that it points to is gone.", inner: used),
        PostgresException { SqlState: PostgresErrorCodes.NumericValueOutOfRange } range =>
            new XrmException("number_too_large", 400, "A number is too large for its field.", inner: range),
        PostgresException { SqlState: var state } server when IsUnavailable(state) => Unavailable(server),
        PostgresException => null,
        NpgsqlException lost => Unavailable(lost),
        SocketException lost => Unavailable(lost),
        _ => null,
    };

    /// <summary>503 for a database that cannot be reached.</summary>
    public static XrmException Unavailable(Exception cause) =>
        new("database_unavailable", 503, "The database cannot be reached just now. Try again in a few seconds.", inner: cause);

    // 08: connection; 53: resources (too many connections, disk full); 57P: shutdown, crash, cannot connect now.
    private static bool IsUnavailable(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal);
}
