using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking;

/// <summary>Problems of names that lead nowhere, each with what was probably meant.</summary>
internal static class Unknown
{
    public static Problem Entity(Draft draft, string name, SourceLocation location) =>
        new(ProblemCodes.EntityUnknown, location, $"There is no entity {name}.", Remedy(name, draft.Entities.Select(entity => entity.Name), "Name an entity of this package or of one that it depends on."));

    public static Problem Field(DraftEntity entity, string name, SourceLocation location) =>
        new(ProblemCodes.FieldUnknown, location, $"{entity.Name} has no field {name}.", Remedy(name, entity.FieldNames, $"Name a field of {entity.Name}, or add this one."));

    public static string Remedy(string wrong, IEnumerable<string> candidates, string otherwise) =>
        Names.Nearest(wrong, candidates) is { } near ? $"Did you mean {near}?" : otherwise;
}
