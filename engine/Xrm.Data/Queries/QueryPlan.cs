using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// A query whose names are the model's and whose conditions include the caller's rights. Turning it into SQL cannot fail.
/// </summary>
public sealed record QueryPlan
{
    internal QueryPlan(QueryContext context, Selection rows)
    {
        Context = context;
        Rows = rows;
    }

    /// <summary>Entity of the rows.</summary>
    public Entity Entity => Rows.Set.Root.Entity;

    /// <summary>Say how many rows there are in all.</summary>
    public bool WithCount { get; internal init; }

    /// <summary>Say about how many rows there are in all, as the database guesses.</summary>
    public bool WithEstimate { get; internal init; }

    /// <summary>Most rows that the client wants on this page and all behind it; null for no limit of its own.</summary>
    public int? Top { get; internal init; }

    /// <summary>Most rows that one answer has.</summary>
    public int PageSize { get; internal init; }

    /// <summary>The client may go on behind this page: its own limit is not reached.</summary>
    public bool HasNextPages { get; internal init; }

    /// <summary>Of a search: the same for words that are like those searched for, to be asked where nothing is found; null for none.</summary>
    public QueryPlan? Similar { get; internal init; }

    /// <summary>Words that are like those searched for count.</summary>
    public bool IsSimilar { get; internal init; }

    /// <summary>
    /// The record's version says all about the answer: it shows nothing of other records, nor what changes by itself. Only then
    /// does an unchanged version mean an unchanged answer.
    /// </summary>
    public bool IsVersioned => Rows.Row.Expands.IsEmpty && Rows.Row.Columns.All(column => column.Term is not (FormulaTerm or RollupTerm or UnfilledTerm));

    /// <summary>
    /// The answer shows nothing but stored values whose form does not depend on the database, so that whoever has just written the record
    /// can answer without reading it again.
    /// </summary>
    public bool IsInValues => Rows.Row.Expands.IsEmpty && Rows.Row.Columns.All(column => column.Term is ColumnTerm { Type: not ColumnType.Json });

    internal QueryContext Context { get; }

    /// <summary>Longest time for the statement; null for that of the connection.</summary>
    internal TimeSpan? TimeLimit => Context.Caller.TimeLimit;

    internal Selection Rows { get; }

    /// <summary>
    /// What rows show, as the URL of the metadata says it behind the collection: <c>(id,title,account(id,name))</c>; empty where they show
    /// all properties and nothing besides (OData 4.01 part 1, context URL).
    /// </summary>
    public string Shape => Rows.Row.Shape;

    /// <summary>The statement of the plan, with <c>$n</c> in place of values.</summary>
    /// <param name="schema">Schema of the organisation.</param>
    public string ToSql(string schema) => SelectSql.Rows(this, schema).ToString();

    /// <summary>The statement that counts all rows of the plan, with <c>$n</c> in place of values.</summary>
    /// <param name="schema">Schema of the organisation.</param>
    public string ToCountSql(string schema) => SelectSql.Count(this, schema).ToString();

    /// <summary>Plans a list.</summary>
    /// <param name="collection">Plural name of the entity.</param>
    /// <param name="query">What the client asked for.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <exception cref="Errors.XrmException">404 unknown collection, 403 no right, 400 a name or value that does not fit.</exception>
    public static QueryPlan For(string collection, DataQuery query, QueryContext context) =>
        new QueryPlanner(context).List(context.Collection(collection), query);

    /// <summary>Plans the reading of one record.</summary>
    /// <param name="collection">Plural name of the entity.</param>
    /// <param name="id">Id of the record.</param>
    /// <param name="query">Only its selection and expansion count.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <exception cref="Errors.XrmException">404 unknown collection, 403 no right, 400 a name that does not fit.</exception>
    public static QueryPlan ForRecord(string collection, Guid id, DataQuery query, QueryContext context)
    {
        var entity = context.Collection(collection);
        return new QueryPlanner(context).One(entity, [(entity.FindColumn("id")!.Value.Column, id)], query);
    }

    /// <summary>Plans the reading of one record that its id or an alternate key names.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="key">Values of all columns of the key, none of them null.</param>
    /// <param name="query">Only its selection and expansion count.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <exception cref="Errors.XrmException">403 no right, 400 a name that does not fit.</exception>
    public static QueryPlan ForKey(Entity entity, ImmutableArray<(Column Column, object? Value)> key, DataQuery query, QueryContext context) =>
        new QueryPlanner(context).One(entity, key, query);

    /// <summary>Plans a list of the records that are related to one: its children, linked records, or those that point to it.</summary>
    /// <param name="near">Entity of the one record.</param>
    /// <param name="id">Its id; that the caller may see it is not checked here.</param>
    /// <param name="name">Name of children, links or an inverse collection.</param>
    /// <param name="query">What the client asked for.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <returns>The plan; null where the entity has no such related records.</returns>
    /// <exception cref="Errors.XrmException">403 no right, 400 a name or value that does not fit.</exception>
    public static QueryPlan? ForRelated(Entity near, Guid id, string name, DataQuery query, QueryContext context) =>
        RelatedRows.Find(context, near, name, name) is { } related
            ? new QueryPlanner(context).List(related.Entity, query, row => related.BelongsTo(row, new ConstantTerm(id, ColumnType.Uuid)))
            : null;
}

/// <summary>One select: tables, wanted values, condition, order, limits.</summary>
internal sealed record Selection(RowSet Set)
{
    public PlannedRow Row { get; init; } = PlannedRow.Empty;

    /// <summary>All of these must be true.</summary>
    public ImmutableArray<Term> Where { get; init; } = [];

    public ImmutableArray<PlannedOrder> Order { get; init; } = [];

    /// <summary>Where the page before this one ended; does not change how many rows there are in all.</summary>
    public BehindTerm? Behind { get; init; }

    /// <summary>How many of the joined tables, from the first on, conditions and order need; the others only bring values.</summary>
    public int NeededJoins { get; init; }

    public int? Limit { get; init; }

    /// <summary>Only so many of the rows are put into the order, whichever; null for all. For orders that cost much for each row.</summary>
    public int? MostOrdered { get; init; }

    public int Offset { get; init; }
}

/// <summary>The values of one answered row or nested object.</summary>
/// <param name="Columns">Its properties.</param>
/// <param name="Expands">Related records inside it.</param>
/// <param name="ShowsAll">All properties that the caller may see are among them, whatever else is.</param>
internal sealed record PlannedRow(ImmutableArray<PlannedColumn> Columns, ImmutableArray<PlannedExpand> Expands, bool ShowsAll = false)
{
    public static PlannedRow Empty { get; } = new([], []);

    /// <summary>The row in the words of a context URL, in parentheses; empty where nothing was chosen.</summary>
    public string Shape
    {
        get
        {
            var names = ShowsAll ? Columns.Where(column => column.IsComputed).Select(column => column.Name) : Columns.Select(column => column.Name);
            if (ShowsAll && Columns.Any(column => column.IsComputed)) names = names.Prepend("*");
            var shown = string.Join(',', names.Concat(Expands.Select(expand => $"{expand.Name}{(expand.Shape.Length == 0 ? "()" : expand.Shape)}")));
            return shown.Length == 0 ? "" : $"({shown})";
        }
    }
}

/// <summary>One property of the answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Term">Its value.</param>
/// <param name="IsComputed">The query itself says how to work it out.</param>
internal sealed record PlannedColumn(string Name, Term Term, bool IsComputed = false);

/// <summary>One step of the order.</summary>
/// <param name="Term">What to sort by.</param>
/// <param name="Descending">Largest first.</param>
/// <param name="AsWords">Text that people read as words: sort it by the rules of languages, not by code points.</param>
/// <param name="Nullable">The value can be null.</param>
internal sealed record PlannedOrder(Term Term, bool Descending, bool AsWords, bool Nullable)
{
    /// <summary>The value as the link to the next page says it.</summary>
    public Term Shown { get; } = AsJsonTerm.Shown(Term);
}

/// <summary>Related records inside a row.</summary>
internal abstract record PlannedExpand(string Name)
{
    /// <summary>What the related records show, as <see cref="PlannedRow.Shape"/> says it.</summary>
    public virtual string Shape => "";
}

/// <summary>The record that a lookup points to.</summary>
internal sealed record OneExpand(string Name, RowSource Source, PlannedRow Row) : PlannedExpand(Name)
{
    public override string Shape => Row.Shape;
}

/// <summary>The record that a lookup of several kinds points to: id, kind and label.</summary>
internal sealed record KindExpand(string Name, Term Id, Term Kind, ImmutableArray<KindLabel> Labels) : PlannedExpand(Name);

/// <summary>How the label of one kind is found.</summary>
internal sealed record KindLabel(Entity Entity, Selection Label);

/// <summary>Children, linked records, or records that point here.</summary>
/// <param name="Name">Name of the property.</param>
/// <param name="Rows">The records; one more than <paramref name="Next"/> says, to tell whether there are more.</param>
/// <param name="WithCount">Say how many there are in all.</param>
/// <param name="Next">Where the records are that did not fit; null where the client has named a limit itself.</param>
internal sealed record ManyExpand(string Name, Selection Rows, bool WithCount, NextList? Next) : PlannedExpand(Name)
{
    public override string Shape => Rows.Row.Shape;
}

/// <summary>Where the rest of a list inside a row is.</summary>
/// <param name="Collection">Collection of the row.</param>
/// <param name="Query">The options of the list, as they stand in a URL.</param>
/// <param name="Limit">Rows shown.</param>
/// <param name="Skip">Rows left out before them.</param>
internal sealed record NextList(string Collection, string Query, int Limit, int Skip);

/// <summary>What the caller may not see: null, or an empty list.</summary>
internal sealed record HiddenExpand(string Name, bool IsList) : PlannedExpand(Name);
