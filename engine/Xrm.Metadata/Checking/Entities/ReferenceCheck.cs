using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>What a field names exists: targets, option lists, the parent choice, paths to copy from, currencies, roles.</summary>
internal static class ReferenceCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Fields.SelectMany(each => Of(each.Entity, each.Field, merged.Draft));

    private static IEnumerable<Problem> Of(DraftEntity entity, DraftField field, Draft draft) =>
        Targets(field, draft).Concat(Options(field, draft)).Concat(Parent(entity, field)).Concat(Paths(entity, field, draft)).Concat(Access(field, draft));

    private static List<Problem> Targets(DraftField field, Draft draft)
    {
        var problems = new List<Problem>();
        if (field.Source.Target is { } target and not "*") draft.Find(target, field.At("target"), problems);
        for (var i = 0; i < field.Source.Targets.Length; i++) draft.Find(field.Source.Targets[i], field.At($"targets[{i}]"), problems);
        return problems;
    }

    private static IEnumerable<Problem> Options(DraftField field, Draft draft)
    {
        if (field.Source.Options?.Shared is not { } name) yield break;
        if (draft.OptionLists.TryGetValue(name, out var list))
        {
            if (draft.Reach.FindMistake($"The option list {name}", list.File.Package, field.At("options")) is { } undeclared) yield return undeclared;
        }
        else if (!draft.IsUnreadable("options", name))
            yield return new Problem(ProblemCodes.OptionsUnknown, field.At("options"), $"There is no shared option list {name}.", Unknown.Remedy(name, draft.OptionLists.Keys, $"Add options/{name}.json, or write the options here."));
    }

    private static IEnumerable<Problem> Parent(DraftEntity entity, DraftField field)
    {
        if (field.Source.Parent is not { } name) yield break;
        if (entity.Find(name) is not { } parent)
        {
            yield return Unknown.Field(entity, name, field.At("parent"));
            yield break;
        }
        var values = parent.Options.Select(option => option.Value.Value.ToString()).ToList();
        foreach (var option in field.Options)
            for (var i = 0; i < option.Value.When.Length; i++)
                if (!values.Contains(option.Value.When[i].ToString()))
                    yield return new Problem(ProblemCodes.OptionUnknown, option.Origin.At($".when[{i}]"), $"{option.Value.When[i]} is not an option of {name}.", Unknown.Remedy(option.Value.When[i].ToString(), values, $"Options are {string.Join(", ", values)}."));
    }

    private static IEnumerable<Problem> Paths(DraftEntity entity, DraftField field, Draft draft)
    {
        if (field.Source.CopyFrom is { } copy && FieldPath.FindMistake(draft, entity, copy, field.At("copyFrom")) is { } wrongCopy) yield return wrongCopy;
        if (field.Source.Currency is { } currency && !MoneyType.IsCode(currency) && FieldPath.FindMistake(draft, entity, currency, field.At("currency")) is { } wrongCurrency) yield return wrongCurrency;
    }

    private static IEnumerable<Problem> Access(DraftField field, Draft draft) => field.Source.Access is not { } access ? []
        : Unknown.Roles(draft, access.Read, i => field.At($"access.read[{i}]")).Concat(Unknown.Roles(draft, access.Write, i => field.At($"access.write[{i}]")))
            .Concat(Unknown.Roles(draft, access.Masked.Where(role => role != "*"), i => field.At($"access.masked[{i}]")));
}
