using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>Fields and their columns have names of their own: none of the engine's, none of another field's.</summary>
internal static class ColumnCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Draft.Entities.Where(entity => !entity.IsGeneratedLink).SelectMany(entity => Of(entity, merged));

    private static IEnumerable<Problem> Of(DraftEntity entity, Merged merged)
    {
        var taken = new Dictionary<string, DraftField>(StringComparer.Ordinal);
        foreach (var field in entity.Fields)
        {
            if (SystemFields.Reserved.Contains(field.Name))
            {
                yield return new Problem(ProblemCodes.NameReserved, field.At("name"), $"{field.Name} is a field that the engine adds by itself.", "Choose another name, or drop the field: every record has it.");
                continue;
            }
            foreach (var name in Columns(field, merged).Append(field.Name).Distinct())
            {
                if (SystemFields.Reserved.Contains(name))
                    yield return new Problem(ProblemCodes.NameReserved, field.At("name"), $"The field needs a column {name}, which the engine has for its own.", "Choose another name.");
                else if (!taken.TryAdd(name, field))
                    yield return new Problem(ProblemCodes.ColumnTwice, field.At("name"), $"{field.Name} and {taken[name].Name} both need the name {name}.", "Rename one of the two fields.");
            }
        }
    }

    private static IEnumerable<string> Columns(DraftField field, Merged merged) =>
        merged.Types.Find(field.Source.Type)?.Columns(field.Source, [.. field.Options.Select(option => option.Value)]).Select(column => column.Name) ?? [];
}
