using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>A lookup points to a record that is there, and that its filter offers; an owner is a user or team that is there.</summary>
internal sealed class CheckReferences : ISaveStep
{
    private const string UserKind = "user";

    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete) return;
        var wanted = new List<(Field Field, Entity Target, Guid Id)>();
        foreach (var field in save.Duties.References)
        {
            if (!save.IsChanged(field) || IsCaller(save, field)) continue;
            if (Target(save, field) is not { } target) await CheckOwnerAsync(save, field, ct);
            else if (save.Errors.Count > 0 || !IsLeftToDatabase(save.Unit, field, target.Entity)) wanted.Add((field, target.Entity, target.Id));
            else save.Unit.HasUncheckedReferences = true;
        }
        if (wanted.Count == 0) return;
        foreach (var group in wanted.GroupBy(reference => reference.Target).OrderBy(group => group.Key.Name, StringComparer.Ordinal))
        {
            await save.Unit.Related.LockAsync(group.Key, group.Select(reference => reference.Id), ct);
            foreach (var (field, target, id) in group)
                if (!save.Unit.Related.Knows(target, id))
                    FailUnknown(save, field, target.Label, id);
                else
                    await CheckFilterAsync(save, field, target, id, ct);
        }
    }

    /// <summary>A foreign key knows neither filters nor the recycle bin, and there is none for lookups of several kinds.</summary>
    public static bool IsLeftToDatabase(SaveUnit unit, Field field, Entity target) => unit.IsOptimistic && !field.IsPolymorphic && !target.HasRecycleBin && field.Filter is null;

    private static (Entity Entity, Guid Id)? Target(SaveContext save, Field field)
    {
        if (save.Values.Get(field.Columns[0].Name) is not Guid id)
        {
            if (field.IsPolymorphic && save.Values.Get(field.Columns[1].Name) is not null) save.Values[field.Columns[1].Name] = null;
            return null;
        }
        if (!field.IsPolymorphic) return field.Targets.IsEmpty ? null : (field.Targets[0], id);
        if (save.Values.Get(field.Columns[1].Name) is string kind)
            return save.Unit.Published.Model.FindEntity(kind) is { } entity ? (entity, id) : null;
        if (!save.HasFailed(field.Columns[1].Name)) save.Fail(field.Columns[1].Name, "required", $"{field.Label}: {field.Columns[1].Name} must say what kind of record it is.");
        return null;
    }

    /// <summary>Whoever asks is there: the usual owner of a new record costs no query.</summary>
    private static bool IsCaller(SaveContext save, Field field) => field.Type is OwnerType
        && save.Values.Get(field.Columns[0].Name) is Guid id && id == save.Unit.Caller.UserId && save.Values.Get(field.Columns[1].Name) is UserKind;

    /// <summary>An owner of a kind that the model has no records of: users are also known to the catalogue.</summary>
    private static async Task CheckOwnerAsync(SaveContext save, Field field, CancellationToken ct)
    {
        if (field.Type is not OwnerType || save.Values.Get(field.Columns[0].Name) is not Guid id || save.Values.Get(field.Columns[1].Name) is not string kind) return;
        if (kind != UserKind || !await RecordLoader.IsUserAsync(save.Unit.Records, id, ct)) FailUnknown(save, field, kind, id);
    }

    private static void FailUnknown(SaveContext save, Field field, string kind, Guid id) =>
        save.Fail(field.Columns[0].Name, "reference_unknown", $"{field.Label}: there is no {kind} with the id {id}.");

    private static async Task CheckFilterAsync(SaveContext save, Field field, Entity target, Guid id, CancellationToken ct)
    {
        // What the engine or a rule chose is right by definition; so is what was there before.
        if (field.Filter is not { } filter || save.Unit.Caller.IsSystem || !save.Given.Contains(field.Columns[0].Name)) return;
        var offered = await save.Unit.Related.WithAsync(() => save.Unit.Related.Find(target, id) is { } choice
            && save.Unit.Published.Formulas[filter].IsTrue(new StoredScope(save.Unit.Related, target, choice) { Holder = save.Values }), ct);
        if (!offered) save.Fail(field.Columns[0].Name, "reference_not_offered", $"{field.Label}: this {target.Label} cannot be chosen here.");
    }
}
