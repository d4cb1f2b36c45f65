using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas;

/// <summary>A formula and where it stands.</summary>
/// <param name="Expression">The formula.</param>
/// <param name="Entity">Entity of its record.</param>
/// <param name="Use">What it is for.</param>
internal sealed record Place(Expression Expression, Entity Entity, FormulaUse Use)
{
    /// <summary>Entity of the record that holds the lookup, in a lookup filter; null elsewhere.</summary>
    public Entity? Outer { get; init; }

    /// <summary>The field that takes the value; null where there is none.</summary>
    public Field? Field { get; init; }

    /// <summary>Kinds that the value may have; any where empty.</summary>
    public IReadOnlyList<ValueKind> Kinds { get; init; } = [];
}
