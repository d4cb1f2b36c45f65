using System.Net.Sockets;
using Npgsql;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Errors;

/// <summary>Turns what PostgreSQL and the driver throw into answers that clients can act on.</summary>
public static class DatabaseErrors
{
    /// <summary>The answer for an exception of the database; null where it is a defect of ours (or no exception of the database).</summary>
    /// <param name="exception">What was caught.</param>
    /// <param name="model">The model that the statement was built from, to name the fields at fault; null where there is none at hand.</param>
    public static XrmException? Translate(Exception exception, Model? model = null) => exception switch
    {
        XrmException known => known,
        PostgresException server => FromState(server, model),
        NpgsqlException { InnerException: TimeoutException } slow => Timeout(slow),
        NpgsqlException lost => Unavailable(lost),
        SocketException lost => Unavailable(lost),
        EndOfStreamException or IOException { InnerException: SocketException } => Unavailable(exception),
        _ => null,
    };

    /// <summary>503 for a database that cannot be reached.</summary>
    public static XrmException Unavailable(Exception cause) =>
        new("database_unavailable", 503, "The database cannot be reached just now. Try again in a few seconds.", inner: cause);

    private static XrmException? FromState(PostgresException error, Model? model) => error.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure =>
            new XrmException("record_busy", 503, "Somebody else is changing the same records. Try again.", inner: error),
        PostgresErrorCodes.QueryCanceled => Timeout(error),
        PostgresErrorCodes.UniqueViolation => ConstraintErrors.NotUnique(error, model),
        PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation => ConstraintErrors.Reference(error, model),
        PostgresErrorCodes.NotNullViolation => ConstraintErrors.ForColumn(error, "required", "A value is required."),
        PostgresErrorCodes.DatetimeFieldOverflow => ConstraintErrors.ForColumn(error, "date_out_of_range", "A date lies outside of what the database can hold."),
        PostgresErrorCodes.NumericValueOutOfRange => ConstraintErrors.ForColumn(error, "number_too_large", "A number is too large for its field."),
        PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.CharacterNotInRepertoire =>
            ConstraintErrors.ForColumn(error, "invalid_text", "A text contains a character that cannot be stored."),
        PostgresErrorCodes.ProgramLimitExceeded => ConstraintErrors.ForColumn(error, "too_long", "A text is too long for the index on its field."),
        // A statement that was written for the model before the last publish, and waited until that was over.
        PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedTable or ModelFence.TooLate =>
            XrmException.ModelChanged(error),
        PostgresErrorCodes.DiskFull => new XrmException("database_full", 507, "The database has no space left.", inner: error),
        _ => IsUnavailable(error.SqlState) ? Unavailable(error) : null,
    };

    private static XrmException Timeout(Exception cause) =>
        new("query_timeout", 503, "The database took longer for this than a request may take. Ask for less, such as by a narrower $filter or without $count, or try again later.", inner: cause);

    // 08: connection; 53: resources (too many connections); 57P: shutdown, crash, cannot connect now; 25006: it became a replica.
    private static bool IsUnavailable(string state) => state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal)
        || state == PostgresErrorCodes.ReadOnlySqlTransaction;
}
