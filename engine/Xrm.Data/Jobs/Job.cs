namespace Xrm.Data.Jobs;

/// <summary>A change of many records in the background.</summary>
/// <param name="Id">Id of the job.</param>
/// <param name="Kind">One of the constants of this record.</param>
/// <param name="Collection">Plural name of the entity.</param>
/// <param name="Query">Which records: the query part of a URL.</param>
/// <param name="Body">JSON object with the new values, or what is recomputed; null for a deletion.</param>
/// <param name="UserId">Whose rights hold.</param>
/// <param name="UserName">Name of that user that people see; null where the user is gone.</param>
/// <param name="Language">BCP 47 tag of the language in which records are refused.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>finished</c> (be it with failures of single records), <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Total">Records that there were when it was asked for.</param>
/// <param name="Done">Records changed.</param>
/// <param name="Failed">Records that could not be changed.</param>
/// <param name="Position">Id of the last record that was come to; null before the first.</param>
/// <param name="CreatedAt">UTC time of the request.</param>
/// <param name="StartedAt">UTC time of the first record; null before.</param>
/// <param name="FinishedAt">UTC time of the end; null before.</param>
/// <param name="Attempts">Failed tries to go on.</param>
/// <param name="ErrorCode">Stable code of what keeps it from going on, or ended it; null for nothing.</param>
/// <param name="Error">The same for people.</param>
public sealed record Job(
    Guid Id, string Kind, string Collection, string Query, string? Body, Guid UserId, string? UserName, string Language, string State, long Total, long Done, long Failed, Guid? Position,
    DateTime CreatedAt, DateTime? StartedAt, DateTime? FinishedAt, int Attempts, string? ErrorCode, string? Error)
{
    /// <summary>Kind of a job that changes values.</summary>
    public const string Update = "update";

    /// <summary>Kind of a job that deletes.</summary>
    public const string Delete = "delete";

    /// <summary>Kind of a job that computes a field in all records, because a publish has changed how it is computed. It cannot be cancelled.</summary>
    public const string Recompute = "recompute";

    /// <summary>Kind of a job that encrypts secrets anew, because keys were replaced.</summary>
    public const string Reencrypt = "reencrypt";

    /// <summary>Kind of a job that collects all that is kept about a person.</summary>
    public const string PersonExport = "person_export";

    /// <summary>Kind of a job that erases a person.</summary>
    public const string PersonErasure = "person_erasure";
}

/// <summary>A record that a job could not change.</summary>
/// <param name="RecordId">Id of the record.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Message">Why, for people.</param>
/// <param name="Errors">JSON array of the fields at fault; null for none.</param>
public sealed record JobFailure(Guid RecordId, string Code, string Message, string? Errors);

/// <summary>What one portion of a job has done.</summary>
/// <param name="Done">Records changed.</param>
/// <param name="Failures">Records that could not be changed.</param>
/// <param name="Position">Id of the last record; null where there was none.</param>
/// <param name="IsLast">No records are left.</param>
public sealed record JobProgress(int Done, IReadOnlyList<JobFailure> Failures, Guid? Position, bool IsLast);
