using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>The tables that a model wants.</summary>
internal static class DesiredSchema
{
    /// <param name="model">The model.</param>
    /// <param name="stored">What the table stores of computed fields.</param>
    public static DatabaseSchema Of(Model model, StoredComputations stored) =>
        new([.. model.Entities.Select(entity => TableOf(entity, stored, SearchLanguage.Of(model), UnitRights.AreReadByUnit(model, entity)))]);

    private static Table TableOf(Entity entity, StoredComputations stored, string language, bool isReadByUnit)
    {
        var columns = entity.Fields.Where(stored.HasColumns).SelectMany(field => ColumnsOf(field, stored)).ToImmutableArray();
        return new Table(entity.Plural, entity.Name, false, columns, [.. IndexesOf(entity, stored, isReadByUnit), .. SearchIndexesOf(entity, stored, language)], [.. ForeignKeysOf(entity)])
        {
            FormerEntity = entity.Source.RenamedFrom,
        };
    }

    private static IEnumerable<TableColumn> ColumnsOf(Field field, StoredComputations stored) => field.Columns.Select((column, index) =>
        new TableColumn(column.Name, field.Name, SchemaType.Of(column), index == 0 && IsRequired(field))
        {
            Computation = index == 0 ? stored.Hash(field) : null,
            // The column's name is the field's, or begins with it.
            FormerName = field.Source.RenamedFrom is { } former ? former + column.Name[field.Name.Length..] : null,
        });

    /// <summary>
    /// Only what is required always and everywhere can be so in the table. The root of a hierarchy has no parent, however required
    /// the field is; a field that a formula hides cannot be filled in.
    /// </summary>
    private static bool IsRequired(Field field)
    {
        if (field.IsSystem) return field.Name is "id" or "version" or "created_at" or "modified_at";
        return field.Required.Always == true && field.Visible.Always == true && !field.IsComputed && !field.Targets.Contains(field.Entity);
    }

    private static IEnumerable<TableIndex> IndexesOf(Entity entity, StoredComputations stored, bool isReadByUnit)
    {
        yield return new TableIndex(SchemaNames.PrimaryKey(entity.Plural), ["id"], IndexKind.Primary, IndexRows.All);
        if (entity.IsSettings) yield return new TableIndex(SchemaNames.OnlyRow(entity.Plural), [], IndexKind.Unique, IndexRows.All);
        var keys = entity.Keys.Select(key => MainColumns(key.Fields, stored)).Where(columns => !columns.IsEmpty).DistinctBy(Joined).ToList();
        foreach (var columns in keys)
            yield return new TableIndex(SchemaNames.Key(entity.Plural, columns), columns, IndexKind.Unique, entity.HasRecycleBin ? IndexRows.Live : IndexRows.All);
        var references = entity.Fields.Where(IsIndexedReference).Select(field => ImmutableArray.Create(field));
        var lists = entity.Indexes.Append(DefaultSort(entity));
        if (isReadByUnit) lists = lists.Concat(OfUnits(entity, lists));
        var plain = lists.Concat(references)
            .Select(fields => (Fields: fields, Columns: MainColumns(fields, stored))).Where(index => !index.Columns.IsEmpty).DistinctBy(index => Joined(index.Columns));
        foreach (var (fields, columns) in plain.Where(index => keys.TrueForAll(key => Joined(key) != Joined(index.Columns))))
            yield return new TableIndex(SchemaNames.Index(entity.Plural, columns), columns, IndexKind.Plain, IndexRows.All)
            {
                Words = [.. fields.Select(field => field.Column!).Where(column => column.IsWords).Select(column => column.Name)],
            };
        // Those in the recycle bin are few, and found by when they came there.
        if (entity.HasRecycleBin) yield return new TableIndex(SchemaNames.RecycleBin(entity.Plural), ["deleted_at"], IndexKind.Plain, IndexRows.Deleted);
    }

    /// <summary>Only entities that are searched pay for it.</summary>
    private static IEnumerable<TableIndex> SearchIndexesOf(Entity entity, StoredComputations stored, string language)
    {
        if (!SearchedFields.AreIndexed(entity)) yield break;
        var columns = SearchedFields.Of(entity).Where(column => stored.HasColumns(column.Field)).ToImmutableArray();
        if (columns.IsEmpty) yield break;
        foreach (var kind in new[] { IndexKind.FullText, IndexKind.Trigrams })
        {
            var (expression, form) = SearchText.Indexed(columns, kind == IndexKind.FullText ? language : null);
            yield return new TableIndex(SchemaNames.Search(entity.Plural, kind), [.. columns.Select(column => column.Column.Name)], kind, IndexRows.All) { Search = form, Expression = expression };
        }
    }

    /// <summary>What lists are sorted by where nobody says otherwise; nothing where an index cannot have that order.</summary>
    private static ImmutableArray<Field> DefaultSort(Entity entity)
    {
        var sort = entity.Source.DefaultSort;
        var fields = sort.Select(step => entity.FindField(step.Field)).ToList();
        var isOneWay = sort.All(step => step.Descending) || !sort.Any(step => step.Descending);
        return isOneWay && fields.TrueForAll(field => field is { Column: not null } && field.Type.FitsIndex(field.Source)) ? [.. fields.OfType<Field>()] : [];
    }

    /// <summary>
    /// Whoever may read what is of their unit has the same lists, each from an index that begins with the unit; and what they own in other units is found at
    /// once, mostly that it is nothing.
    /// </summary>
    private static IEnumerable<ImmutableArray<Field>> OfUnits(Entity entity, IEnumerable<ImmutableArray<Field>> lists)
    {
        var (owner, unit) = (entity.FindField("owner")!, entity.FindField("owning_unit")!);
        return lists.Where(fields => !fields.IsEmpty).Select(fields => fields.Insert(0, unit)).Append([unit]).Append([owner, unit]);
    }

    /// <summary>Lookups are followed from the other side (inverse collections, deletions); owners decide what a person may see.</summary>
    private static bool IsIndexedReference(Field field) => !field.Columns.IsEmpty && (field.IsSystem ? field.Type.Name == "owner" : !field.Targets.IsEmpty);

    private static IEnumerable<ForeignKey> ForeignKeysOf(Entity entity) => entity.Fields
        .Where(field => !field.IsSystem && !field.IsPolymorphic && !field.Columns.IsEmpty && field.Targets.Length == 1)
        .Select(field => new ForeignKey(SchemaNames.ForeignKey(entity.Plural, field.Column!.Name), field.Column.Name, field.Targets[0].Plural, ActionOf(field)));

    private static DeleteAction ActionOf(Field field) => field.Source.OnDelete switch
    {
        "cascade" => DeleteAction.Cascade,
        "restrict" => DeleteAction.Restrict,
        // A required reference cannot be emptied.
        _ => IsRequired(field) ? DeleteAction.Restrict : DeleteAction.SetNull,
    };

    private static ImmutableArray<string> MainColumns(ImmutableArray<Field> fields, StoredComputations stored) =>
        !fields.IsEmpty && fields.All(field => field.Column is not null && stored.HasColumns(field)) ? [.. fields.Select(field => field.Column!.Name)] : [];

    private static string Joined(ImmutableArray<string> columns) => string.Join(',', columns);
}
