using System.Collections.Immutable;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Nodes;

/// <summary>
/// A part of a checked formula. It says the same twice: once as a value, once as SQL. In memory, numbers are
/// <see cref="decimal"/>, ids <see cref="Guid"/>, instants <see cref="DateTime"/> in UTC, lists <c>object[]</c>.
/// </summary>
internal abstract class Node(FormulaType type)
{
    public FormulaType Type { get; } = type;

    /// <summary>The parts that it is made of.</summary>
    public virtual ImmutableArray<Node> Parts => [];

    /// <summary>The parts whose value it may give as its own; itself where it makes a new one.</summary>
    public virtual IEnumerable<Node> Results => [this];

    /// <summary>Short in SQL and free to compute twice: a column or a constant.</summary>
    public virtual bool IsSimple => false;

    /// <summary>The value may be null in the statement that is being written: what is known of it beforehand, unless the person's values say more.</summary>
    public virtual bool IsNullableIn(SqlText sql) => Type.IsNullable;

    /// <summary>The value is null in the statement that is being written.</summary>
    public virtual bool IsNullIn(SqlText sql) => Type.IsNull;

    public abstract object? Evaluate(Evaluation evaluation);

    /// <summary>Writes the value.</summary>
    public abstract void Write(SqlText sql);

    /// <summary>
    /// Writes whether the value counts as true. Where <paramref name="exact"/> is false, SQL's null may stand for false:
    /// shorter, and indexes serve it.
    /// </summary>
    public virtual void WriteTruth(SqlText sql, bool exact)
    {
        if (exact && Type.IsNullable) sql.Text("coalesce(");
        WriteLooseTruth(sql);
        if (exact && Type.IsNullable) sql.Text(", false)");
    }

    /// <summary>Writes a number as <c>numeric</c>, so that arithmetic neither overflows nor divides without a rest.</summary>
    public virtual void WriteNumeric(SqlText sql)
    {
        if (!Type.IsInteger)
        {
            Write(sql);
            return;
        }
        sql.Text("cast(");
        Write(sql);
        sql.Text(" as numeric)");
    }

    public bool IsTrue(Evaluation evaluation) => Truth.Of(Evaluate(evaluation));

    private void WriteLooseTruth(SqlText sql)
    {
        if (Type.Kind == ValueKind.List) sql.Text("cardinality(");
        Write(sql);
        sql.Text(Type.Kind switch
        {
            ValueKind.Boolean => "",
            ValueKind.Text => " <> ''",
            ValueKind.Number => " <> 0",
            ValueKind.List => ") > 0",
            _ => " is not null",
        });
    }
}
