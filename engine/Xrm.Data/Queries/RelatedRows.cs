using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>The related records under one name of an entity: children, linked records, or records that point to it.</summary>
internal sealed class RelatedRows
{
    private readonly Entity _near;
    private readonly Field _lookup;
    private readonly Field? _links;

    private RelatedRows(Entity near, Field lookup, Field? links)
    {
        _near = near;
        _lookup = lookup;
        _links = links;
        Entity = links?.FarSide?.Targets[0] ?? lookup.Entity;
    }

    /// <summary>Entity of the related records.</summary>
    public Entity Entity { get; }

    /// <summary>The related records of that name; null where it names something else or nothing.</summary>
    /// <param name="context">Model and caller.</param>
    /// <param name="near">Entity that has the name.</param>
    /// <param name="name">Name of children, links or an inverse collection.</param>
    /// <param name="path">How the client wrote it, for errors.</param>
    /// <exception cref="Errors.XrmException">403 where the caller may not see the field.</exception>
    public static RelatedRows? Find(QueryContext context, Entity near, string name, string path)
    {
        var field = near.FindField(name);
        var (lookup, links) = field is null ? (near.FindInverse(name), null) : field.Child is null ? (null, null) : (field.Via, field.FarSide is null ? null : field);
        if (lookup is null) return null;
        return context.Caller.CanReadField(field ?? lookup) ? new RelatedRows(near, lookup, links) : throw QueryProblems.NoFieldRight(path);
    }

    /// <summary>What a row of <see cref="Entity"/> must fulfil to belong to the record with that id.</summary>
    public ImmutableArray<Term> BelongsTo(RowSource row, Term nearId)
    {
        if (_links is not null) return [new LinkTerm(row, _links.Child!, _links.FarSide!, _links.Via!, nearId)];
        var points = Equal(new ColumnTerm(row, _lookup.Columns[0]), nearId);
        return _lookup.IsPolymorphic
            ? [points, Equal(new ColumnTerm(row, _lookup.Columns[1]), new ConstantTerm(_near.Name, ColumnType.Text))]
            : [points];
    }

    private static CompareTerm Equal(Term left, Term right) => new(BinaryOperator.Equal, left, right, Exact: false);
}
