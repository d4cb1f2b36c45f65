using Npgsql;
using Xrm.Data.Schema;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Errors;

/// <summary>Answers for violated constraints, with the fields that they stand for.</summary>
internal static class ConstraintErrors
{
    public static XrmException NotUnique(PostgresException error, Model? model)
    {
        const string Code = "not_unique";
        const string Message = "Another record already has this value.";
        if (FindEntity(error, model) is not { } entity) return new XrmException(Code, 409, Message, inner: error);
        if (error.ConstraintName == SchemaNames.PrimaryKey(entity.Plural))
            return new XrmException(Code, 409, "There is already a record with this id.", [new FieldError("id", Code, Message)], error);
        var key = entity.Keys.FirstOrDefault(key => SchemaNames.Key(entity.Plural, key.Fields.Select(field => field.Column?.Name ?? field.Name)) == error.ConstraintName);
        if (key is null) return new XrmException(Code, 409, Message, inner: error);
        var labels = string.Join(", ", key.Fields.Select(field => field.Label));
        return new XrmException(Code, 409, $"Another {entity.Label} already has the same {labels}.",
            [.. key.Fields.Select(field => new FieldError(field.Column?.Name ?? field.Name, Code, Message))], error);
    }

    public static XrmException Reference(PostgresException error, Model? model)
    {
        // PostgreSQL reports both directions with one code; only its message tells which of the two rows is the trouble.
        // lc_messages is C in the databases that we make, and any other language falls to the general answer.
        var isMissing = error.MessageText.StartsWith("insert or update", StringComparison.Ordinal);
        var entity = FindEntity(error, model);
        var field = entity?.Fields.FirstOrDefault(field => field.Column is { } column && SchemaNames.ForeignKey(entity.Plural, column.Name) == error.ConstraintName);
        if (field is null)
            return new XrmException("record_in_use", 409, "Other records still point to this one, or one that it points to is gone.", inner: error);
        return isMissing
            ? new XrmException("reference_unknown", 400, $"{field.Label}: there is no such record.", [new FieldError(field.Column!.Name, "reference_unknown", "There is no such record.")], error)
            : new XrmException("record_in_use", 409, $"{entity!.PluralLabel} still point to this record ({field.Label}).", inner: error);
    }

    public static XrmException ForColumn(PostgresException error, string code, string message) =>
        new(code, 400, message, error.ColumnName is { } column ? [new FieldError(column, code, message)] : [], error);

    private static Entity? FindEntity(PostgresException error, Model? model) => error.TableName is { } table ? model?.FindCollection(table) : null;
}
