using System.Collections.Immutable;

namespace Xrm.Data.Access;

/// <summary>
/// What an access token leaves of the rights of its user. It takes away, and never adds. <see cref="Caller"/> asks it at every decision about records,
/// and is an administrator only where it includes administration; so nothing that asks the caller has to know scopes.
/// </summary>
/// <param name="CanWrite">May create, change and delete.</param>
/// <param name="IncludesAdministration">May do what only administrators may, if the user is one.</param>
/// <param name="Entities">Names of the entities whose records it reaches; empty for all.</param>
public sealed record TokenScope(bool CanWrite, bool IncludesAdministration, ImmutableHashSet<string> Entities)
{
    /// <summary>Scope that permits reading.</summary>
    public const string Read = "read";

    /// <summary>Scope that permits changes.</summary>
    public const string Write = "write";

    /// <summary>Scope that permits administration.</summary>
    public const string Administration = "admin";

    /// <summary>Begins the scope that names one of the entities: <c>entity:account</c>.</summary>
    public const string EntityPrefix = "entity:";

    /// <summary>Reads scopes as they are stored. Words that are not known grant nothing.</summary>
    /// <param name="scopes">The scopes, with spaces between.</param>
    public static TokenScope Parse(string scopes)
    {
        var words = scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new TokenScope(words.Contains(Write), words.Contains(Administration),
            [.. words.Where(word => word.StartsWith(EntityPrefix, StringComparison.Ordinal)).Select(word => word[EntityPrefix.Length..])]);
    }

    /// <summary>True where an operation on records of an entity is within the scope.</summary>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="operation">The operation.</param>
    public bool Includes(string entity, Operation operation) => (CanWrite || operation is Operation.Read or Operation.Export) && (Entities.IsEmpty || Entities.Contains(entity));

    /// <summary>The scopes as one text, the same for the same scopes.</summary>
    public override string ToString() => $"{(CanWrite ? Write : Read)} {(IncludesAdministration ? Administration : "")} {string.Join(' ', Entities.Order(StringComparer.Ordinal))}";
}
