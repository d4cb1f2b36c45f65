using Xrm.Formulas.Nodes;
using Xrm.Formulas.Parsing;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Typing;

internal sealed partial class Checker
{
    /// <summary>Checks a whole formula, and that its result is what its place needs.</summary>
    public Node CheckFor(Place place, Syntax syntax)
    {
        var root = Check(syntax);
        if (root.Type.IsMistake || place.Use is FormulaUse.Condition or FormulaUse.Filter) return root;
        if (root.Type.IsTruthOnly)
            return Mistake(syntax.Position, FormulaProblems.Kind, "The result has one of two kinds.", "Write condition ? one : other with both of one kind, or !!(…) where only true or false is meant.");
        if (place.Field is { } field) return Fitted(field, root, syntax.Position);
        if (place.Kinds.Count > 0 && !root.Type.IsNull && !place.Kinds.Contains(root.Type.Kind))
            return Mistake(syntax.Position, FormulaProblems.Kind, $"The result is {root.Type.Name}.", $"It must be {string.Join(" or ", place.Kinds.Select(FormulaType.NameOf))}.");
        return root is ArrayNode or { Type.Kind: ValueKind.List, Type.Item: ValueKind.Number } && place.Kinds.Count == 0
            ? Mistake(syntax.Position, FormulaProblems.Kind, "A list cannot be the result.", "Look something up in it with includes(…).")
            : root;
    }

    private Node Fitted(Metadata.Compiled.Field field, Node root, int position)
    {
        if (field.Column is not { } column) return Mistake(position, FormulaProblems.Kind, $"{field} takes no value.", "Remove the formula.");
        var wanted = FormulaType.Of(field, column);
        root = Adapt(root, wanted);
        CheckOptions(position, wanted.Choice, root);
        if (root.Type.IsNull || (AreComparable(root.Type, wanted) && (root.Type.Kind != ValueKind.List || root.Type.Item == wanted.Item))) return root;
        return Mistake(position, FormulaProblems.Kind, $"The result is {root.Type.Name}, but {field} holds {wanted.Name}.", wanted.Kind switch
        {
            ValueKind.Text => "Make a text of it with text(…).",
            ValueKind.Number when root.Type.Kind == ValueKind.Text => "Make a number of it with number(…).",
            ValueKind.Date when root.Type.Kind == ValueKind.DateTime => "Take its day with date(…).",
            ValueKind.Boolean => "Make true or false of it with !!(…).",
            _ => $"Write a formula that gives {wanted.Name}, or change the type of the field.",
        });
    }
}
