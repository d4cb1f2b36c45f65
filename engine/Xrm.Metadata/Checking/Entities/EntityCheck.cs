using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>The parts of an entity name fields that are there: primary, sort, keys, indexes, rules, validations.</summary>
internal static class EntityCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Draft.Entities.Where(entity => !entity.IsGeneratedLink)
        .SelectMany(entity => Head(entity, merged).Concat(Parts(entity)).Concat(ScriptCheck.Check(entity, merged.Draft)));

    private static IEnumerable<Problem> Head(DraftEntity entity, Merged merged)
    {
        var source = entity.Source;
        if (!entity.Has(source.Primary))
            yield return Unknown.Field(entity, source.Primary, entity.Origin.At(".primary"));
        else if (entity.Find(source.Primary) is { } primary && merged.Types.Find(primary.Source.Type) is { } type && !CanStandForRecord(type))
            yield return new Problem(ProblemCodes.PrimaryUnsuitable, entity.Origin.At(".primary"), $"{source.Primary} is of type {type.Name}, which cannot stand for a record.", "Choose a field with a short text, such as a name, a number or a title.");
        if (source.Subtitle is { } subtitle && !entity.Has(subtitle))
            yield return Unknown.Field(entity, subtitle, entity.Origin.At(".subtitle"));
        if (source.AuditRetention is { } kept && AuditPeriod.TryParse(kept) is null) yield return AuditPeriod.Mistake(kept, entity.Origin.At(".auditRetention"));
        for (var i = 0; i < source.DefaultSort.Length; i++)
            if (FieldPath.FindMistake(merged.Draft, entity, source.DefaultSort[i].Field, entity.Origin.At($".defaultSort[{i}].field")) is { } wrong) yield return wrong;
    }

    private static bool CanStandForRecord(FieldType type) => type.Kind is not (ValueKind.None or ValueKind.Json or ValueKind.List or ValueKind.Boolean) && type.Name is not ("multiline" or "richtext" or "markdown" or "code" or "file");

    private static IEnumerable<Problem> Parts(DraftEntity entity) =>
        entity.Keys.SelectMany(key => Unknown.Fields(entity, key.Value.Fields, i => key.Origin.At($".fields[{i}]")))
            .Concat(entity.Indexes.SelectMany(index => Unknown.Fields(entity, index.Value.Fields, i => index.Origin.At($".fields[{i}]"))))
            .Concat(entity.Rules.SelectMany(rule => Unknown.Fields(entity, rule.Value.Fields, i => rule.Origin.At($".fields[{i}]"))))
            .Concat(entity.Validations.SelectMany(validation => Unknown.Fields(entity, validation.Value.Fields, i => validation.Origin.At($".fields[{i}]"))));
}
