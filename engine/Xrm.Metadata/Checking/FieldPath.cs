using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking;

/// <summary>Paths such as <c>account.industry</c>: fields reached through lookups.</summary>
internal static class FieldPath
{
    /// <summary>The mistake in a path; null where it leads to a field.</summary>
    public static Problem? FindMistake(Draft draft, DraftEntity entity, string path, SourceLocation location)
    {
        var names = path.Split('.');
        for (var i = 0; i < names.Length; i++)
        {
            if (!entity.Has(names[i])) return Unknown.Field(entity, names[i], location);
            if (entity.Find(names[i]) is { } field && draft.Reach.FindMistake($"The field {entity.Name}.{names[i]}", field.Package, location) is { } undeclared) return undeclared;
            if (i == names.Length - 1) return null;
            var source = entity.SourceOf(draft, names[i])!;
            if (source.Type is not ("lookup" or "parent") || source.Target == "*" || source.Targets.Length > 0)
                return new Problem(ProblemCodes.PathWrong, location, $"{path} reaches through {names[i]}, which is not a lookup to one entity.", "Use a field of the record itself, or reach through a lookup with a single target.");
            var target = source.Type == "parent" ? entity : draft.Find(source.Target);
            if (target is null) return null;
            entity = target;
        }
        return null;
    }
}
