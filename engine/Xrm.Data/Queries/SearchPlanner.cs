using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Turns what somebody searches for into a condition and an order: see decision 10. Fields that the caller may not see are neither
/// searched nor ranked by.
/// </summary>
internal static class SearchPlanner
{
    /// <summary>Rows that are ranked: whoever finds more has to name more words, or an order.</summary>
    public const int MostRanked = 1_000;

    /// <summary>Plans a search.</summary>
    /// <param name="properties">Properties of the searched rows.</param>
    /// <param name="wanted">What is searched for.</param>
    /// <param name="similar">Take words that are like those searched for, too.</param>
    /// <exception cref="Errors.XrmException">400 <c>not_searchable</c>: the entity has no text that search looks at and the caller may see.</exception>
    public static (ImmutableArray<Term> Where, PlannedOrder First) Plan(PropertyPlanner properties, SearchNode wanted, bool similar)
    {
        var (context, entity) = (properties.Context, properties.Set.Root.Entity);
        var (all, isIndexed) = Searched(context, entity);
        var seen = all.Where(column => context.Caller.CanReadField(column.Field)).ToImmutableArray();
        if (seen.IsEmpty) throw new Errors.XrmException("not_searchable", 400, $"{entity.Plural} have no field that search looks at.");
        var where = ImmutableArray.CreateBuilder<Term>();
        // The indexes are over all fields: they find the rows, and what the caller may see decides on them.
        if (isIndexed && seen.Length < all.Length && wanted.Positive is { } positive) where.Add(new SearchTerm(Text(properties, all), positive, similar));
        where.Add(new SearchTerm(Text(properties, seen), wanted, similar));
        var score = new SearchScoreTerm(
            Text(properties, seen.Where(column => column.Field == entity.Primary)), Text(properties, seen.Where(column => column.Field != entity.Primary)), wanted, similar);
        return (where.ToImmutable(), new PlannedOrder(score, Descending: true, AsWords: false, Nullable: false));
    }

    /// <summary>The searched columns that the caller may see.</summary>
    public static IEnumerable<(Field Field, Column Column)> Seen(QueryContext context, Entity entity) =>
        Searched(context, entity).Columns.Where(column => context.Caller.CanReadField(column.Field));

    private static (ImmutableArray<(Field Field, Column Column)> Columns, bool AreIndexed) Searched(QueryContext context, Entity entity)
    {
        var all = SearchedFields.Of(entity);
        var stored = all.Where(column => context.Published.Formulas.IsStored(column.Field)).ToImmutableArray();
        return SearchedFields.AreIndexed(entity) && !stored.IsEmpty ? (stored, true) : (all, false);
    }

    private static SearchedText Text(PropertyPlanner properties, IEnumerable<(Field Field, Column Column)> columns) => new(
        [.. columns.Select(column => (SearchText.FormOf(column.Field), properties.Value(properties.Set.Root, column.Field, column.Column)))],
        SearchLanguage.Of(properties.Context.Published.Model));
}
