using Xrm.Metadata.Compiled;

namespace Xrm.Plugins;

/// <summary>What happens to a record.</summary>
public enum ChangeKind
{
    /// <summary>It is created.</summary>
    Create,

    /// <summary>It is updated.</summary>
    Update,

    /// <summary>It is deleted.</summary>
    Delete,
}

/// <summary>A record on its way into the database.</summary>
/// <param name="kind">What happens to it.</param>
/// <param name="entity">Its entity.</param>
/// <param name="id">Its id.</param>
/// <param name="userId">Who does it.</param>
/// <param name="values">All values after the change, by column name; a plugin may set those that are not computed.</param>
/// <param name="previous">All values before the change, by column name; null for a new record.</param>
/// <param name="fail">Takes refusals.</param>
public sealed class RecordChange(
    ChangeKind kind, Entity entity, Guid id, Guid userId,
    IDictionary<string, object?> values, IReadOnlyDictionary<string, object?>? previous, Action<string?, string> fail)
{
    /// <summary>What happens to the record.</summary>
    public ChangeKind Kind { get; } = kind;

    /// <summary>The record's entity.</summary>
    public Entity Entity { get; } = entity;

    /// <summary>The record's id.</summary>
    public Guid Id { get; } = id;

    /// <summary>Who changes it.</summary>
    public Guid UserId { get; } = userId;

    /// <summary>All values after the change, by column name, in the CLR types of <see cref="Metadata.FieldTypes.ColumnType"/>.</summary>
    public IDictionary<string, object?> Values { get; } = values;

    /// <summary>All values before the change; null for a new record.</summary>
    public IReadOnlyDictionary<string, object?>? Previous { get; } = previous;

    /// <summary>Refuses the save. The message reaches the user as it is; several refusals are shown together.</summary>
    /// <param name="column">Column to mark, or null for the whole record.</param>
    /// <param name="message">What is wrong, for people.</param>
    public void Fail(string? column, string message) => fail(column, message);
}
