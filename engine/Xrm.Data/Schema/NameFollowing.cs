using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Schema;

/// <summary>Lets rows that name entities and fields follow them to their new names.</summary>
internal sealed class NameFollowing(Model model, PlanDraft draft)
{
    private const string Numbers = "_number_series";
    private static readonly string[] NamingEntities = ["_outbox", "_delivery", "_workflow_run", "_file", "_share", "_secret"];

    /// <summary>Adds the steps.</summary>
    /// <param name="entities">Entities that got another name, with their names before and after.</param>
    public void Add(ImmutableArray<(string From, string To)> entities)
    {
        if (!entities.IsEmpty)
        {
            foreach (var entity in model.Entities) FollowInLookups(entity, entities);
            FollowInEngine(entities);
        }
        foreach (var fields in draft.RenamedFields.GroupBy(field => field.Entity)) FollowInAudit(model.FindEntity(fields.Key)!, [.. fields.Select(field => (field.From, field.To))]);
        foreach (var fields in draft.RenamedFields.Where(IsNamedInRows).GroupBy(field => field.Entity))
            FollowFields(model.FindEntity(fields.Key)!, [.. fields.Select(field => (field.From, field.To))]);
    }

    private bool IsNamedInRows((string Entity, string From, string To) rename) =>
        model.FindEntity(rename.Entity)!.FindField(rename.To)!.Type is AutoNumberType or FileType or FilesType or SecretType;

    private void FollowInLookups(Entity entity, ImmutableArray<(string From, string To)> renames)
    {
        foreach (var field in entity.Fields.Where(field => field.IsPolymorphic && draft.Before.ContainsKey(entity.Name)))
        {
            var column = field.Columns[1].Name;
            Add(entity, column, $"Let {entity.Name}.{field.Name} go on pointing to {Names(renames)}.", [draft.Sql.FollowNames(entity.Plural, column, renames)]);
        }
    }

    private void FollowInEngine(ImmutableArray<(string From, string To)> renames)
    {
        var entity = model.FindEntity(renames[0].To)!;
        Add(entity, null, $"Let history, numbers, files and events follow {Names(renames)}.",
            [.. NamingEntities.Select(table => draft.Sql.FollowNames(table, "entity", renames)), .. draft.Sql.FollowNamesInKey(Numbers, "entity", renames), .. draft.Sql.FollowNamesInAudit(renames)]);
    }

    private void FollowInAudit(Entity entity, ImmutableArray<(string From, string To)> renames) =>
        Add(entity, renames[0].To, $"Let the history of {entity.Name} follow {Names(renames)}.", draft.Sql.FollowFieldNamesInAudit(entity.Name, renames));

    private void FollowFields(Entity entity, ImmutableArray<(string From, string To)> renames) =>
        Add(entity, renames[0].To, $"Let numbers, files and secrets of {entity.Name} follow {Names(renames)}.",
            [.. draft.Sql.FollowNamesInKey(Numbers, "field", renames, entity.Name), .. draft.Sql.FollowNamesInKey("_file", "field", renames, entity.Name), .. draft.Sql.FollowNamesInKey("_secret", "field", renames, entity.Name)]);

    private void Add(Entity entity, string? column, string sentence, ImmutableArray<string> statements) =>
        draft.Changes.Add(new PlannedChange(new SchemaChange(ChangeKind.FollowRename, entity.Name, entity.Plural, column, sentence, statements)));

    private static string Names(IEnumerable<(string From, string To)> renames) => string.Join(", ", renames.Select(rename => $"{rename.To}, formerly {rename.From}"));
}
