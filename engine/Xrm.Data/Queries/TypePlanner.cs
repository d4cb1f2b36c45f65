using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans <c>isof</c>. No type is another's base: a value is of the type that the metadata say, and null is of none.</summary>
internal sealed class TypePlanner(QueryNames names)
{
    private const string Namespace = "Xrm.";

    /// <summary>Whether a name in a path is that of a type of records.</summary>
    public static bool IsTypeName(string name) => name.StartsWith(Namespace, StringComparison.Ordinal);

    /// <summary>The name of the type that an entity's records have.</summary>
    public static string TypeName(Entity entity) => Namespace + entity.Name;

    /// <summary>The entity that the type behind a lookup in a path names.</summary>
    /// <exception cref="Errors.XrmException">400: the lookup does not point to such records.</exception>
    public static Entity Target(Field lookup, PathNode path, int index) => lookup.Targets.FirstOrDefault(target => TypeName(target) == path.Segments[index])
        ?? throw QueryProblems.WrongType(path.ToString(), $"'{lookup.Name}' never points to '{path.Segments[index]}': there are {string.Join(", ", lookup.Targets.Select(TypeName))}.");

    public Term IsOf(IsOfNode node, bool exact)
    {
        if (IsTypeName(node.Type) && names.Context.Published.Model.Entities.FirstOrDefault(entity => TypeName(entity) == node.Type) is { } wanted)
            return node.Value is null ? IsRow(node, wanted) : IsLookup(node, wanted, exact);
        if (node.Value is null || Primitive(node.Type) is not { } type)
            throw QueryProblems.WrongType("isof", $"There is no type '{node.Type}' (isof, character {node.Position}). Types are those of $metadata: {Namespace} and the name of an entity, or Edm.String, Edm.Int64, Edm.Decimal, Edm.Double, Edm.Boolean, Edm.Guid, Edm.Date, Edm.DateTimeOffset, Edm.TimeOfDay.");
        var term = new ValuePlanner(names).Value(node.Value);
        return term.Type == type ? new NullTerm(term, Negated: true) : new ConstantTerm(false, ColumnType.Boolean);
    }

    private ConstantTerm IsRow(IsOfNode node, Entity wanted) => names.Row is { } row ? new ConstantTerm(row.Set.Root.Entity == wanted, ColumnType.Boolean)
        : throw QueryProblems.WrongType("isof", $"The result of $apply has no type (isof, character {node.Position}).");

    private Term IsLookup(IsOfNode node, Entity wanted, bool exact)
    {
        if (node.Value is not PathNode path) throw NoRecord(node);
        var (properties, source) = names.Reach(path);
        var field = source.Entity.FindField(path.Segments[^1]);
        if (field is not { IsLookup: true }) throw NoRecord(node);
        if (!properties.Context.Caller.CanReadField(field)) throw QueryProblems.NoFieldRight(path.ToString());
        if (!field.Targets.Contains(wanted)) return new ConstantTerm(false, ColumnType.Boolean);
        return field.IsPolymorphic
            ? new CompareTerm(BinaryOperator.Equal, new ColumnTerm(source, field.Columns[1]), new ConstantTerm(wanted.Name, ColumnType.Text), exact)
            : new NullTerm(new ColumnTerm(source, field.Columns[0]), Negated: true);
    }

    private static Errors.XrmException NoRecord(IsOfNode node) =>
        QueryProblems.WrongType("isof", $"isof (character {node.Position}) asks for the type of a record: what stands before '{node.Type}' must be a lookup.");

    private static ColumnType? Primitive(string name) => name switch
    {
        "Edm.String" => ColumnType.Text,
        "Edm.Int64" => ColumnType.Integer,
        "Edm.Decimal" => ColumnType.Decimal,
        "Edm.Double" => ColumnType.Float,
        "Edm.Boolean" => ColumnType.Boolean,
        "Edm.Guid" => ColumnType.Uuid,
        "Edm.Date" => ColumnType.Date,
        "Edm.DateTimeOffset" => ColumnType.Timestamp,
        "Edm.TimeOfDay" => ColumnType.Time,
        _ => null,
    };
}
