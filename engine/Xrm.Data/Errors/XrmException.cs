using System.Collections.Immutable;

namespace Xrm.Data.Errors;

/// <summary>
/// Something that the client can understand and often mend. One converter turns it into RFC 9457 problem details;
/// nothing in it may tell of SQL, stack traces or other callers' data.
/// </summary>
/// <param name="code">Stable code such as <c>record_not_found</c>; documented, never reused.</param>
/// <param name="status">HTTP status that fits.</param>
/// <param name="message">What is wrong and what to do, for people.</param>
/// <param name="errors">The fields at fault, all of them; empty where the matter is not of fields.</param>
/// <param name="inner">The cause, for the log only.</param>
public sealed class XrmException(string code, int status, string message, ImmutableArray<FieldError> errors = default, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Code of <see cref="Invalid"/>.</summary>
    public const string InvalidCode = "validation_failed";

    /// <summary>Code of what was begun by a model that a publish has replaced, and may be tried by the new one.</summary>
    public const string ModelChangedCode = "model_changed";

    /// <summary>Stable code.</summary>
    public string Code { get; } = code;

    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The fields at fault; never default.</summary>
    public ImmutableArray<FieldError> Errors { get; } = errors.IsDefault ? [] : errors;

    /// <summary>When to try again at the earliest; null where nothing is known of it.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same about a part of what was sent: its fields stand below that path.</summary>
    /// <param name="path">E.g. <c>[12].</c> or <c>[12].lines[0].</c>; nothing is added to what stands below it already.</param>
    public XrmException At(string path)
    {
        if (path.Length == 0 || Errors.Any(error => error.Field?.StartsWith(path, StringComparison.Ordinal) == true)) return this;
        ImmutableArray<FieldError> errors = Errors.IsEmpty ? [new FieldError(path.TrimEnd('.'), Code, Message)]
            : [.. Errors.Select(error => error with { Field = error.Field is { } field ? path + field : path.TrimEnd('.') })];
        return new XrmException(Code, Status, Message, errors, this) { RetryAfter = RetryAfter };
    }

    /// <summary>A record that is not there, or that the caller may not see (the two must look alike).</summary>
    public static XrmException RecordNotFound(string entity, Guid id) =>
        new("record_not_found", 404, $"There is no {entity} with the id {id}, or you may not see it.");

    /// <summary>The caller lacks a right; with the field where it is about one.</summary>
    public static XrmException Forbidden(string message, string? field = null) =>
        new("forbidden", 403, message, field is null ? [] : [new FieldError(field, "forbidden", message)]);

    /// <summary>A publish has replaced the model by which the work was begun.</summary>
    /// <param name="inner">The cause, for the log only.</param>
    public static XrmException ModelChanged(Exception? inner = null) =>
        new(ModelChangedCode, 503, "The model was changed while this request was under way. Send it again.", inner: inner);

    /// <summary>A wrong input with the fields at fault.</summary>
    /// <param name="errors">The fields.</param>
    /// <param name="message">What to say of the whole; null for the message of the only error, or their number.</param>
    public static XrmException Invalid(ImmutableArray<FieldError> errors, string? message = null) =>
        new(InvalidCode, 400, message ?? (errors.Length == 1 ? errors[0].Message : $"{errors.Length} values need attention."), errors);
}

/// <summary>One field at fault.</summary>
/// <param name="Field">API property (column name, e.g. <c>account_id</c>, or <c>lines[2].amount</c>); null where the whole record is meant.</param>
/// <param name="Code">Stable code such as <c>too_long</c>.</param>
/// <param name="Message">What is wrong, for people.</param>
public sealed record FieldError(string? Field, string Code, string Message);
