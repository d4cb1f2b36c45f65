using System.Collections.Immutable;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Nodes;

/// <summary>The record at which a way through lookups begins.</summary>
internal enum PathStart
{
    /// <summary>The record that the formula is about.</summary>
    Record,

    /// <summary>The record that holds the lookup, in a lookup filter.</summary>
    Outer,

    /// <summary>The one record of an entity of settings, which is that of the first field.</summary>
    Setting,
}

/// <summary>A value of the record, or of one that it points to.</summary>
/// <param name="path">The lookups to follow, then the field itself.</param>
/// <param name="part">Part of a composite field; empty for the main value.</param>
/// <param name="start">Where the way begins.</param>
/// <param name="type">What is known of the value.</param>
internal sealed class FieldNode(ImmutableArray<Field> path, string part, PathStart start, FormulaType type) : Node(type)
{
    public ImmutableArray<Field> Path { get; } = path;

    public bool IsOuter { get; } = start == PathStart.Outer;

    /// <summary>What it asks for is the same whatever record the formula is about.</summary>
    public bool IsSetting { get; } = start == PathStart.Setting;

    public Field Field => Path[^1];

    public override bool IsSimple => Field.Formula is null && Field.Rollup is not { IsStored: false };

    public override object? Evaluate(Evaluation evaluation)
    {
        if (IsOuter) return Stored.Read(evaluation.Scope.Outer(Path, part));
        if (!IsInlined(evaluation.Formulas)) return Stored.Read(evaluation.Scope.Value(Behind(evaluation.Prefix, Path), part));
        var formula = evaluation.Formulas[Field.Formula!];
        return Stored.Read(formula.Evaluate(evaluation with { Prefix = Behind(evaluation.Prefix, Path[..^1]) }));
    }

    public override void Write(SqlText sql)
    {
        if (Field.Columns.First(column => column.Part == part).Type != ColumnType.Float)
        {
            WriteColumn(sql);
            return;
        }
        // As Exact.FromFloat: formulas calculate with exact numbers.
        sql.Text("round(cast(" + SqlText.OpenWithin);
        WriteColumn(sql);
        sql.Text(SqlText.CloseWithin("1e15") + " as numeric), 12)");
    }

    private void WriteColumn(SqlText sql)
    {
        if (IsOuter) sql.Target.Outer(Path, part);
        else if (!IsInlined(sql.Formulas)) sql.Target.Column(Behind(sql.Prefix, Path), part);
        else if (sql.Inlined is { } listener) listener(Field);
        else sql.Formulas[Field.Formula!].Write(sql with { Prefix = Behind(sql.Prefix, Path[..^1]) });
    }

    private ImmutableArray<Field> Behind(ImmutableArray<Field> prefix, ImmutableArray<Field> path) => IsSetting ? path : [.. prefix, .. path];

    private bool IsInlined(FormulaSet formulas) => part.Length == 0 && Field.Formula is not null && !formulas.IsStored(Field);
}
