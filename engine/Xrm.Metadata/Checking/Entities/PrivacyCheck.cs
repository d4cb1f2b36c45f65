using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>What entities say of people can be carried out: the way to the person is there, times count from dates, and what is emptied may be empty.</summary>
internal static class PrivacyCheck
{
    public static IEnumerable<Problem> Of(Merged merged) =>
        merged.Draft.Entities.Where(entity => entity.Source.Privacy is not null).SelectMany(entity => Of(entity, entity.Source.Privacy!, entity.PrivacyOrigin ?? entity.Origin.Part(".privacy"), merged))
            .Concat(merged.Fields.SelectMany(each => Erased(each.Entity, each.Field, merged)));

    private static IEnumerable<Problem> Of(DraftEntity entity, Source.Privacy privacy, Origin at, Merged merged)
    {
        if (privacy.Subject is { } subject && Subject(entity, subject, at.At(".subject"), merged.Draft) is { } astray) yield return astray;
        if (privacy is { Person: true, Subject: not null })
            yield return Wrong(at.At(".subject"), "Records are people themselves, and about somebody else, too.", "Leave out \"person\" or \"subject\".");
        if (privacy is { Erasure: "keep", Keep: null })
            yield return Wrong(at.At(".erasure"), "Nothing says why records are kept when their person is erased.", "Add \"keep\" with a \"reason\".");
        if (privacy.Keep is { } keep)
        {
            if (string.IsNullOrWhiteSpace(keep.Reason)) yield return Wrong(at.At(".keep.reason"), "The reason is empty.", "Name the law or duty.");
            if (keep.For is null != keep.From is null) yield return Wrong(at.At(".keep"), "A time needs both its length and the date from which it counts.", "Give \"for\" and \"from\", or neither to keep records for ever.");
            if (keep.For is { } time && Time(time, at.At(".keep.for")) is { } wrong) yield return wrong;
            if (keep.From is { } from && Date(entity, from, at.At(".keep.from"), merged.Model) is { } undated) yield return undated;
        }
        if (privacy.Retention is not { } retention) yield break;
        if (Time(retention.After, at.At(".retention.after")) is { } endless) yield return endless;
        if (Date(entity, retention.From, at.At(".retention.from"), merged.Model) is { } without) yield return without;
    }

    private static Problem? Subject(DraftEntity entity, string name, SourceLocation location, Draft draft)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { entity.Name };
        for (var (place, lookup) = (entity, name); ;)
        {
            if (place.Find(lookup) is not { } field) return Unknown.Field(place, lookup, location);
            if (field.Source.Type is not ("lookup" or "parent") || field.Source.Target == "*")
                return Wrong(location, $"{place.Name}.{lookup} does not lead to a person.", "Name a lookup whose targets are entities of people, or have a subject themselves.");
            var targets = field.TargetNames(place).Select(draft.Find).OfType<DraftEntity>().ToList();
            if (targets.Find(target => target.Source.Privacy is not { Person: true } && target.Source.Privacy?.Subject is null) is { } nobody)
                return Wrong(location, $"{place.Name}.{lookup} leads to {nobody.Name}, which says neither that its records are people nor whom they are about.", $"Add \"privacy\" to {nobody.Name}: {{ \"person\": true }}, or its own \"subject\".");
            // Several kinds are followed one step: each says for itself where it leads, and is checked for itself.
            if (targets is not [{ Source.Privacy: { Person: false, Subject: { } further } } next]) return null;
            if (!seen.Add(next.Name)) return Wrong(location, $"The way from {entity.Name} to a person leads in a circle.", "Let one of these entities lead to a person.");
            (place, lookup) = (next, further);
        }
    }

    private static Problem? Time(string text, SourceLocation location) => AuditPeriod.TryParse(text) is not null ? null
        : new Problem(ProblemCodes.DurationWrong, location, $"{text} is no time for which records are kept.", "Write an ISO 8601 duration of whole years, months, weeks or days, such as P3Y or P90D.");

    private static Problem? Date(DraftEntity entity, string name, SourceLocation location, Model model)
    {
        if (!entity.Has(name)) return Unknown.Field(entity, name, location);
        return model.FindEntity(entity.Name)?.FindField(name) is { } field && field.Type is not (DateType or DateTimeType) ? Wrong(location, $"{name} is of type {field.Type.Name}.", "Name a field of type date or datetime.") : null;
    }

    /// <summary>What takes the place of a personal value is one that the field can hold, and there is one where the field cannot be empty.</summary>
    private static IEnumerable<Problem> Erased(DraftEntity entity, DraftField field, Merged merged)
    {
        if (field.Source.Personal is not { } personal || merged.Model.FindEntity(entity.Name)?.FindField(field.Name) is not { } compiled) yield break;
        if (personal.Erased is { } value)
        {
            if (compiled.IsComputed || compiled.Column is null || compiled.Column.Computed || compiled.Type is SecretType or ReferenceFieldType or FileType or FilesType)
                yield return Wrong(field.At("personal"), $"A value of type {compiled.Type.Name} cannot be replaced by a constant.", "Leave \"erased\" out: the value is emptied, or computed anew.");
            else if (compiled.Source.Unique)
                yield return Wrong(field.At("personal"), "No two records may have the same value, and this one would be that of all who are erased.", "Leave \"erased\" out.");
            else if (Values.Of(compiled, compiled.Column, value, ProblemCodes.ValueWrong, field.At("personal")) is { } mistake) yield return mistake;
        }
        else if (entity.Source.Privacy is { Erasure: null or "anonymise" } && compiled is { Required.Always: true, IsComputed: false } && compiled.Type is not (TextFieldType or PersonNameType or AddressType))
            yield return Wrong(field.At("personal"), $"{entity.Name}.{field.Name} is required, and would be emptied when its person is erased.", "Say with \"erased\" what takes its place, or do not require it.");
    }

    private static Problem Wrong(SourceLocation location, string message, string remedy) => new(ProblemCodes.PrivacyWrong, location, message, remedy);
}
