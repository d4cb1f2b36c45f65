using System.Collections.Immutable;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Nodes;

/// <summary>A value of the record, or of one that it points to.</summary>
/// <param name="path">The lookups to follow, then the field itself.</param>
/// <param name="part">Part of a composite field; empty for the main value.</param>
/// <param name="isOuter">Of the record that holds the lookup, in a lookup filter.</param>
/// <param name="type">What is known of the value.</param>
internal sealed class FieldNode(ImmutableArray<Field> path, string part, bool isOuter, FormulaType type) : Node(type)
{
    public ImmutableArray<Field> Path { get; } = path;

    public bool IsOuter { get; } = isOuter;

    public Field Field => Path[^1];

    public override bool IsSimple => Field.Formula is null;

    public override object? Evaluate(Evaluation evaluation)
    {
        if (IsOuter) return Stored.Read(evaluation.Scope.Outer(Path, part));
        if (!IsInlined(evaluation.Formulas)) return Stored.Read(evaluation.Scope.Value([.. evaluation.Prefix, .. Path], part));
        var formula = evaluation.Formulas[Field.Formula!];
        return Stored.Read(formula.Evaluate(evaluation with { Prefix = [.. evaluation.Prefix, .. Path[..^1]] }));
    }

    public override void Write(SqlText sql)
    {
        if (Field.Columns.First(column => column.Part == part).Type != ColumnType.Float)
        {
            WriteColumn(sql);
            return;
        }
        // As Exact.FromFloat: formulas calculate with exact numbers.
        sql.Text("(case when abs(");
        WriteColumn(sql);
        sql.Text(") < 1e15 then round(cast(");
        WriteColumn(sql);
        sql.Text(" as numeric), 12) end)");
    }

    private void WriteColumn(SqlText sql)
    {
        if (IsOuter) sql.Target.Outer(Path, part);
        else if (IsInlined(sql.Formulas)) sql.Formulas[Field.Formula!].Write(sql with { Prefix = [.. sql.Prefix, .. Path[..^1]] });
        else sql.Target.Column([.. sql.Prefix, .. Path], part);
    }

    private bool IsInlined(FormulaSet formulas) => part.Length == 0 && Field.Formula is not null && !formulas.IsStored(Field);
}
