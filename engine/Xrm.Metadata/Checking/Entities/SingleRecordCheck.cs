using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>An entity of settings can have its one record at any time: nothing takes part in it that belongs to many records, or that a person has to fill in first.</summary>
internal static class SingleRecordCheck
{
    private const string Kind = "settings";

    public static IEnumerable<Problem> Of(Merged merged) =>
        merged.Draft.Entities.Where(entity => entity.Source.Kind == Kind).SelectMany(OfEntity).Concat(merged.Fields.SelectMany(each => OfReference(merged, each.Entity, each.Field)));

    private static IEnumerable<Problem> OfEntity(DraftEntity entity)
    {
        if (entity.Source.Ownership == "user")
            yield return Wrong(entity.Origin.At(".ownership"), $"{entity.Name} has one record for all, which nobody owns.", "Leave ownership out, and say in roles who may change it.");
        for (var index = 0; index < entity.Source.Features.Length; index++)
            if (entity.Source.Features[index] is "recycleBin" or "duplicates" or "search")
                yield return Wrong(entity.Origin.At($".features[{index}]"), $"{entity.Source.Features[index]} has no meaning for the one record of {entity.Name}.", "Leave it out.");
        foreach (var field in entity.Fields.Where(field => field.Source is { Required.Always: true, Default: null, Formula: null, Rollup: null }))
            yield return Wrong(field.At("required"), $"The record of {entity.Name} is made by the publish, when nobody has entered {field.Name} yet.", "Give the field a default, or drop required.");
    }

    private static IEnumerable<Problem> OfReference(Merged merged, DraftEntity entity, DraftField field)
    {
        if (field.Source.Type is "children" or "links" && entity.Source.Kind == Kind)
            yield return Wrong(field.At("type"), $"{entity.Name} has one record, of which other records are no part.", "Make an entity of its own, without a lookup to this one: there is only one that it could point to.");
        if (field.TargetNames(entity).FirstOrDefault(name => merged.Draft.Find(name)?.Source.Kind == Kind) is { } target)
            yield return Wrong(field.At("target"), $"There is only one {target} that {field.Name} could point to.", $"Drop the field: formulas ask setting('{target}'), scripts too.");
    }

    private static Problem Wrong(SourceLocation location, string message, string remedy) => new(ProblemCodes.SettingsWrong, location, message, remedy);
}
