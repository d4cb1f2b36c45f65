using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>Rollups: the counted records point here, and the result fits the field.</summary>
internal static class RollupCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Fields.Where(each => each.Field.Source.Rollup is not null)
        .SelectMany(each => Of(each.Entity, each.Field, each.Field.Source.Rollup!, merged));

    private static List<Problem> Of(DraftEntity entity, DraftField field, Source.Rollup rollup, Merged merged)
    {
        var problems = new List<Problem>();
        if (merged.Draft.Find(rollup.Entity, field.At("rollup.entity"), problems) is not { } child) return problems;
        if (child.Find(rollup.Via) is not { } via)
            problems.Add(Unknown.Field(child, rollup.Via, field.At("rollup.via")));
        else if (!via.TargetNames(child).Any(name => name == entity.Name || name == "*"))
            problems.Add(new Problem(ProblemCodes.ViaWrong, field.At("rollup.via"), $"{child.Name}.{rollup.Via} does not point to {entity.Name}.", $"Name a lookup of {child.Name} that points to {entity.Name}."));
        problems.AddRange(Value(child, field, rollup, merged.Model));
        if (field.Source.Type == "money" && Money(child, field, rollup, merged.Model) is { } wrong) problems.Add(wrong);
        return problems;
    }

    private static IEnumerable<Problem> Value(DraftEntity child, DraftField field, Source.Rollup rollup, Model model)
    {
        if (rollup.Field is null)
        {
            if (rollup.Aggregate != "count")
                yield return new Problem(ProblemCodes.PropertyMissing, field.At("rollup.field"), $"There is nothing to take the {rollup.Aggregate} of.", $"Give \"field\" with a field of {child.Name}.");
            yield break;
        }
        if (!child.Has(rollup.Field))
            yield return Unknown.Field(child, rollup.Field, field.At("rollup.field"));
        else if (model.FindEntity(child.Name)?.FindField(rollup.Field) is { } value && !IsFitting(rollup.Aggregate, value))
            yield return new Problem(ProblemCodes.RollupWrong, field.At("rollup.aggregate"), $"There is no {rollup.Aggregate} of {rollup.Field}, which is of type {value.Type.Name}.", rollup.Aggregate is "sum" or "avg" ? "Sums and means need numbers." : "Smallest and largest need numbers, dates or texts.");
    }

    /// <summary>Amounts have a currency, which plain numbers do not bring along.</summary>
    private static Problem? Money(DraftEntity child, DraftField field, Source.Rollup rollup, Model model)
    {
        if (rollup.Aggregate == "count")
            return new Problem(ProblemCodes.RollupWrong, field.At("rollup.aggregate"), "A number of records is no amount of money.", $"Make {field.Name} an integer, or aggregate amounts.");
        if (rollup.Field is null || model.FindEntity(child.Name)?.FindField(rollup.Field) is not { } value || value.Type is MoneyType) return null;
        if (field.Source.Currency is { } currency && !MoneyType.IsCode(currency))
            return new Problem(ProblemCodes.RollupWrong, field.At("currency"), $"{child.Name}.{value.Name} has plain numbers: all of its rollups are in one currency.", "Give an ISO 4217 code such as EUR, or leave it out for the base currency.");
        return field.Source.Currency is null && model.Currencies is null
            ? new Problem(ProblemCodes.RollupWrong, field.At("rollup.field"), $"{child.Name}.{value.Name} has plain numbers, and nothing says in which currency {field.Name} is.", "Add \"currency\" with an ISO 4217 code to the field, name the base currency in a manifest, or make the field a decimal.")
            : null;
    }

    private static bool IsFitting(string aggregate, Field value) => aggregate switch
    {
        "sum" or "avg" => value.Type.Kind is ValueKind.Number or ValueKind.Float,
        "min" or "max" => value.Type.Kind is ValueKind.Number or ValueKind.Float or ValueKind.Date or ValueKind.DateTime or ValueKind.Time or ValueKind.Text,
        _ => true,
    };
}
