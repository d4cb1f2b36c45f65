using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Nodes;

/// <summary>One formula being written as SQL.</summary>
/// <param name="Target">Takes the SQL.</param>
/// <param name="Formulas">The formulas of the model: fields that are not stored are written as theirs.</param>
/// <param name="Prefix">Lookups from the query's record to the one that the formula is about; empty for the record itself.</param>
internal sealed record SqlText(IFormulaSql Target, FormulaSet Formulas, ImmutableArray<Field> Prefix)
{
    /// <summary>Opens an operand of a number that is null from a limit on, on both sides of 0. Of null, too, it makes null.</summary>
    public const string OpenWithin = "nullif(nullif(least(greatest(";

    /// <summary>Takes the computed fields whose formulas would be written; null where they are.</summary>
    public Action<Field>? Inlined { get; init; }

    /// <summary>Closes what <see cref="OpenWithin"/> opens.</summary>
    /// <param name="limit">The limit, as SQL.</param>
    public static string CloseWithin(string limit) => $", -{limit}), {limit}), {limit}), -{limit})";

    public void Text(string constant) => Target.Text(constant);

    public void Value(object? value, ColumnType type) => Target.Value(value, type);

    /// <summary>Writes <c>(left operator right)</c>.</summary>
    public void Infix(Action<SqlText> left, string @operator, Action<SqlText> right)
    {
        Text("(");
        left(this);
        Text(@operator);
        right(this);
        Text(")");
    }
}
