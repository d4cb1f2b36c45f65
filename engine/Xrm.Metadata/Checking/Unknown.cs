using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking;

/// <summary>Problems of names that lead nowhere, each with what was probably meant.</summary>
internal static class Unknown
{
    public static Problem Entity(Draft draft, string name, SourceLocation location) =>
        new(ProblemCodes.EntityUnknown, location, $"There is no entity {name}.", Remedy(name, draft.Entities.Select(entity => entity.Name), "Name an entity of this package or of one that it depends on."));

    public static Problem Field(DraftEntity entity, string name, SourceLocation location) =>
        new(ProblemCodes.FieldUnknown, location, $"{entity.Name} has no field {name}.", Remedy(name, entity.FieldNames, $"Name a field of {entity.Name}, or add this one."));

    /// <summary>Problems of roles in a list that do not exist, or are of a package that this one does not depend on.</summary>
    /// <param name="draft">The packages.</param>
    /// <param name="roles">Names of roles.</param>
    /// <param name="at">Location of the list's items by position.</param>
    public static IEnumerable<Problem> Roles(Draft draft, IEnumerable<string> roles, Func<int, SourceLocation> at) => roles
        .Select((role, i) => Role(draft, role, at(i))).OfType<Problem>();

    private static Problem? Role(Draft draft, string role, SourceLocation location)
    {
        if (draft.Roles.TryGetValue(role, out var package)) return draft.Reach.FindMistake($"The role {role}", package, location);
        return draft.IsUnreadable("roles", role) ? null
            : new Problem(ProblemCodes.RoleUnknown, location, $"There is no role {role}.", Remedy(role, draft.Roles.Keys, $"Add roles/{role}.json, or name another role."));
    }

    /// <summary>Problems of fields in a list that do not exist.</summary>
    public static IEnumerable<Problem> Fields(DraftEntity entity, IEnumerable<string> fields, Func<int, SourceLocation> at) => fields
        .Select((field, i) => (field, i)).Where(each => !entity.Has(each.field)).Select(each => Field(entity, each.field, at(each.i)));

    public static string Remedy(string wrong, IEnumerable<string> candidates, string otherwise) =>
        Names.Nearest(wrong, candidates) is { } near ? $"Did you mean {near}?" : otherwise;
}
