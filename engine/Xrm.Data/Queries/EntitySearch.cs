using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>A search in one entity among several: what its records that fit best are called, and where they have what is searched for.</summary>
public sealed class EntitySearch
{
    /// <summary>Most hits of one entity that are counted.</summary>
    public const int MostCounted = 100;

    /// <summary>Hits that are ranked: fewer than in a list, since this happens with every letter typed.</summary>
    private const int MostRanked = 300;

    /// <summary>Characters of a text that are looked at for where the words stand.</summary>
    private const long MostCharacters = 4_000;

    private EntitySearch(Entity entity, Field? subtitle, ImmutableArray<Field> fields, QueryPlan plan, QueryPlan? similar) =>
        (Entity, Subtitle, Fields, Plan, Similar) = (entity, subtitle, fields, plan, similar);

    /// <summary>The entity.</summary>
    public Entity Entity { get; }

    /// <summary>The field beneath the title, of the record or (a primary field of another entity) of the one that its lookup points to; null for none that the caller sees.</summary>
    public Field? Subtitle { get; }

    /// <summary>The fields searched, the primary one first.</summary>
    public ImmutableArray<Field> Fields { get; }

    internal QueryPlan Plan { get; }

    internal QueryPlan? Similar { get; }

    /// <summary>Plans the search.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="wanted">What is searched for.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <returns>Null where the caller may see no record of the entity, or none of its searched fields.</returns>
    public static EntitySearch? Of(Entity entity, SearchNode wanted, QueryContext context)
    {
        if (!context.Caller.Can(entity, Operation.Read)) return null;
        var fields = SearchPlanner.Seen(context, entity).Select(column => column.Field).OrderBy(field => field == entity.Primary ? 0 : 1).ToImmutableArray();
        if (fields.IsEmpty) return null;
        var (plan, subtitle) = PlanOf(entity, fields, wanted, context, isSimilar: false);
        return new EntitySearch(entity, subtitle, fields, plan, SearchSql.HasSimilar(wanted) ? PlanOf(entity, fields, wanted, context, isSimilar: true).Plan : null);
    }

    private static (QueryPlan Plan, Field? Subtitle) PlanOf(Entity entity, ImmutableArray<Field> fields, SearchNode wanted, QueryContext context, bool isSimilar)
    {
        var set = new RowSet(entity, new AliasSequence());
        var properties = new PropertyPlanner(context, set);
        var (search, score) = SearchPlanner.Plan(properties, wanted, isSimilar);
        var neededJoins = set.Joins.Count;
        var (subtitle, term) = SubtitleOf(properties);
        var id = ReadRights.SystemColumn(set.Root, "id");
        var rows = new Selection(set)
        {
            Row = new PlannedRow([new("id", id), new("score", score.Term), new("subtitle", term), .. fields.Select(field => new PlannedColumn(field.Name, Start(properties, field)))], []),
            Where = ReadRights.Conditions(context.Caller, set.Root).AddRange(search),
            Order = [score, new PlannedOrder(id, Descending: true, AsWords: false, Nullable: false)],
            NeededJoins = neededJoins,
            MostOrdered = MostRanked,
            Limit = MostCounted + 1,
        };
        return (new QueryPlan(context, rows) { IsSimilar = isSimilar }, subtitle);
    }

    private static Term Start(PropertyPlanner properties, Field field)
    {
        var value = properties.Value(properties.Set.Root, field, field.Column!);
        return value.Type != ColumnType.Text ? value
            : new FunctionTerm(QueryFunction.Substring, [value, new ConstantTerm(0L, ColumnType.Integer), new ConstantTerm(MostCharacters, ColumnType.Integer)], ColumnType.Text);
    }

    private static (Field? Field, Term Value) SubtitleOf(PropertyPlanner properties)
    {
        var (root, caller) = (properties.Set.Root, properties.Context.Caller);
        if (root.Entity.Source.Subtitle is { } name && root.Entity.FindField(name) is { Column: { } column } field && caller.CanReadField(field))
        {
            if (field.Targets.IsEmpty) return (field, properties.Value(root, field, column));
            if (field.Targets is [var target] && caller.Can(target, Operation.Read) && caller.CanReadField(target.Primary) && target.Primary.Column is { } title)
                return (target.Primary, properties.Value(properties.Set.JoinVisible(root, field, field.Targets[0], joined => ReadRights.Conditions(caller, joined)), target.Primary, title));
        }
        return (null, new ConstantTerm(null, ColumnType.Text));
    }
}

/// <summary>A record that a search found.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Score">How well it fits; comparable between entities.</param>
/// <param name="Subtitle">Value of <see cref="EntitySearch.Subtitle"/>, as the driver gives it; null for none.</param>
/// <param name="Values">The values of <see cref="EntitySearch.Fields"/>: texts (their first 4,000 characters) or lists of texts.</param>
public sealed record SearchHit(Guid Id, long Score, object? Subtitle, ImmutableArray<object?> Values);
