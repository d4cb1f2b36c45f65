using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>Rollups: the counted records point here, and the result fits the field.</summary>
internal static class RollupCheck
{
    private const string Version = "version";

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
        problems.AddRange(Order(child, field, rollup, merged.Model));
        if (!rollup.Stored) problems.AddRange(Computed(field));
        if (problems.Count > 0) return problems;
        var wrong = field.Source.Type == "money" ? Money(child, field, rollup, merged.Model) : null;
        if ((wrong ?? Result(entity, child, field, rollup, merged.Model)) is { } problem) problems.Add(problem);
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
        else if (rollup.Field == Version)
            yield return AsksForVersion(field, "rollup.field");
        else if (model.FindEntity(child.Name)?.FindField(rollup.Field) is { } value && !RollupResult.CanBe(rollup.Aggregate, value))
            yield return new Problem(ProblemCodes.RollupWrong, field.At("rollup.aggregate"), $"There is no {rollup.Aggregate} of {rollup.Field}, which is of type {value.Type.Name}.", Needs(rollup.Aggregate));
    }

    /// <summary>What is not in the table cannot be in an index of it.</summary>
    private static IEnumerable<Problem> Computed(DraftField field)
    {
        foreach (var (isAsked, name) in new[] { (field.Source.Index, "index"), (field.Source.Unique, "unique") })
            if (isAsked) yield return new Problem(ProblemCodes.RollupWrong, field.At(name), $"{field.Source.Name} is computed whenever it is read, and has no index.", $"Leave \"{name}\" out, or leave \"stored\" out of the rollup.");
    }

    private static string Needs(string aggregate) => aggregate switch
    {
        "sum" or "avg" => "Sums and means need numbers.",
        "min" or "max" => "Smallest and largest need numbers, dates or texts.",
        "concat" => "Only texts can be put one after the other.",
        _ => "First and last take numbers, texts, choices, dates, times, true or false, and ids from elsewhere.",
    };

    private static IEnumerable<Problem> Order(DraftEntity child, DraftField field, Source.Rollup rollup, Model model)
    {
        if (rollup.Separator is not null && rollup.Aggregate != "concat")
            yield return new Problem(ProblemCodes.RollupWrong, field.At("rollup.separator"), $"A {rollup.Aggregate} has no texts to separate.", "Leave \"separator\" out.");
        if (rollup.Separator is { } separator && field.Source.Type == "text" && TextValue.HasLineBreak(separator))
            yield return new Problem(ProblemCodes.RollupWrong, field.At("rollup.separator"), "A text has one line.", "Make the field multiline, or give a separator without line breaks.");
        if (rollup.OrderBy is not { } order) yield break;
        if (rollup.Aggregate is not ("first" or "last" or "concat"))
            yield return new Problem(ProblemCodes.RollupWrong, field.At("rollup.orderBy"), $"A {rollup.Aggregate} is the same in every order.", "Leave \"orderBy\" out.");
        else if (!child.Has(order))
            yield return Unknown.Field(child, order, field.At("rollup.orderBy"));
        else if (order == Version)
            yield return AsksForVersion(field, "rollup.orderBy");
        else if (model.FindEntity(child.Name)?.FindField(order) is { } known && !RollupResult.CanOrder(known))
            yield return new Problem(ProblemCodes.RollupWrong, field.At("rollup.orderBy"), $"{child.Name}.{order} is of type {known.Type.Name}, which has no order.", "Order by a number, text, date, time, or true or false.");
    }

    // It moves on with every rollup of the child, too, which is no change of the child that anybody counts again.
    private static Problem AsksForVersion(DraftField field, string at) =>
        new(ProblemCodes.RollupWrong, field.At(at), "A version changes without the record being saved.", "Take another field, such as modified_at.");

    private static Problem? Result(DraftEntity entity, DraftEntity child, DraftField field, Source.Rollup rollup, Model model)
    {
        var value = rollup.Field is null ? null : model.FindEntity(child.Name)?.FindField(rollup.Field);
        return (value is not null || rollup.Field is null) && model.FindEntity(entity.Name)?.FindField(field.Source.Name) is { Rollup: not null } result
            && RollupResult.FindMistake(result, rollup.Aggregate, value) is var (message, remedy)
            ? new Problem(ProblemCodes.RollupWrong, field.At("type"), message, remedy) : null;
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
}
