using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// Turns what somebody typed into conditions: each word must be in one of the fields that search looks at, upper and lower case
/// alike. Rows whose primary field begins with the whole text come first.
/// </summary>
internal static class SearchPlanner
{
    private const int MostWords = 8;

    public static (ImmutableArray<Term> Where, PlannedOrder? First) Plan(QueryContext context, PropertyPlanner properties, RowSource source, string typed)
    {
        var texts = SearchedFields(context, source.Entity)
            .Select(field => properties.Value(source, field, field.Columns[0])).ToImmutableArray();
        if (texts.IsEmpty) throw new Errors.XrmException("not_searchable", 400, $"{source.Entity.Plural} have no field that search looks at.");
        var words = typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToArray();
        if (words.Length > MostWords) throw QueryProblems.TooLarge($"$search may have {MostWords} words.");
        var where = words.Select(word => Any(texts, word)).ToImmutableArray();
        var primary = source.Entity.Primary;
        var first = IsSearched(context, primary)
            ? new PlannedOrder(new RankTerm(new SearchTerm(properties.Value(source, primary, primary.Columns[0]), typed, AtBeginning: true)), Descending: false, AsWords: false, Nullable: false)
            : null;
        return (where, first);
    }

    private static Term Any(ImmutableArray<Term> texts, string word)
    {
        var matches = texts.Select(Term (text) => new SearchTerm(text, word, AtBeginning: false)).ToImmutableArray();
        return matches.Length == 1 ? matches[0] : new LogicTerm(All: false, matches);
    }

    private static IEnumerable<Field> SearchedFields(QueryContext context, Entity entity) => entity.Fields
        .Where(field => field == entity.Primary || field.Source.Search || field.Type.Name is "autonumber" or "email")
        .Where(field => IsSearched(context, field));

    private static bool IsSearched(QueryContext context, Field field) =>
        field.Column?.Type == ColumnType.Text && context.Caller.CanReadField(field);
}
