using System.Collections.Immutable;
using Xrm.Formulas.Typing;
using Xrm.Formulas.Values;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Nodes;

/// <summary><c>isNew()</c>. It does not occur in SQL.</summary>
internal sealed class IsNewNode() : Node(FormulaType.Answer)
{
    public override object? Evaluate(Evaluation evaluation) => evaluation.Scope.IsNew;

    // A record that a query finds is not new.
    public override void Write(SqlText sql) => sql.Text("false");
}

/// <summary><c>changed(field)</c>. It does not occur in SQL.</summary>
internal sealed class ChangedNode(Field field) : Node(FormulaType.Answer)
{
    public Field Field { get; } = field;

    public override object? Evaluate(Evaluation evaluation)
    {
        var now = Stored.Read(evaluation.Scope.Value([Field], ""));
        var before = evaluation.Scope.IsNew ? null : Stored.Read(evaluation.Scope.Previous(Field));
        return now is object?[] list && before is object?[] former ? !list.SequenceEqual(former) : !Comparison.AreEqual(now, before);
    }

    // A record that a query finds is not being changed.
    public override void Write(SqlText sql) => sql.Text("false");
}

/// <summary><c>count(children)</c>.</summary>
internal sealed class CountNode(ImmutableArray<Field> path) : Node(FormulaType.Integer with { IsNullable = false })
{
    public ImmutableArray<Field> Path { get; } = path;

    public override object? Evaluate(Evaluation evaluation) => (decimal)evaluation.Scope.Count([.. evaluation.Prefix, .. Path]);

    public override void Write(SqlText sql) => sql.Target.Count([.. sql.Prefix, .. Path]);
}

/// <summary><c>isEmpty(x)</c>.</summary>
internal sealed class IsEmptyNode(Node value) : Node(FormulaType.Answer)
{
    public override ImmutableArray<Node> Parts => [value];

    public override object? Evaluate(Evaluation evaluation) => value.Evaluate(evaluation) is null or "" or object?[] { Length: 0 };

    public override void Write(SqlText sql)
    {
        var (start, end) = value.Type.Kind switch
        {
            ValueKind.Text => ("(coalesce(", ", '') = '')"),
            ValueKind.List => ("(coalesce(cardinality(", "), 0) = 0)"),
            _ => ("(", " is null)"),
        };
        sql.Text(start);
        value.Write(sql);
        sql.Text(end);
    }
}

/// <summary><c>user.region</c>: a value of the record of the person at work.</summary>
/// <param name="field">A field of the entity of users.</param>
/// <param name="column">The column of the value.</param>
internal sealed class UserFieldNode(Field field, Column column) : Node(FormulaType.Of(field, column) with { IsNullable = true })
{
    public Field Field { get; } = field;

    public Column Column { get; } = column;

    public override bool IsSimple => true;

    public override bool IsNullableIn(SqlText sql) => IsNullIn(sql);

    public override bool IsNullIn(SqlText sql) => !sql.Target.User.Values.ContainsKey(Column.Name);

    public override object? Evaluate(Evaluation evaluation) => Stored.Read(evaluation.Scope.User.Values.GetValueOrDefault(Column.Name));

    public override void Write(SqlText sql)
    {
        if (Column.Type == ColumnType.Float) WriteFloat(sql);
        else WriteValue(sql);
    }

    // As Exact.FromFloat: formulas calculate with exact numbers.
    private void WriteFloat(SqlText sql)
    {
        sql.Text("round(cast(" + SqlText.OpenWithin);
        WriteValue(sql);
        sql.Text(SqlText.CloseWithin("1e15") + " as numeric), 12)");
    }

    private void WriteValue(SqlText sql) => sql.Value(sql.Target.User.Values.GetValueOrDefault(Column.Name), Column.Type);
}

/// <summary><c>user.id</c> and what else is known of the person at work.</summary>
internal sealed class UserNode(string property) : Node(TypeOf(property))
{
    public static ImmutableArray<string> Properties { get; } = ["id", "name", "displayName", "roles"];

    public override bool IsSimple => true;

    public override object? Evaluate(Evaluation evaluation) => Value(evaluation.Scope.User);

    public override void Write(SqlText sql)
    {
        switch (Value(sql.Target.User))
        {
            case Guid id:
                sql.Value(id, ColumnType.Uuid);
                break;
            case object[] roles:
                sql.Value(Stored.Plain(roles, ColumnType.TextList), ColumnType.TextList);
                break;
            case var text:
                sql.Value(text, ColumnType.Text);
                break;
        }
    }

    private object Value(FormulaUser user) => property switch
    {
        "id" => user.Id,
        "name" => user.Name,
        "displayName" => user.DisplayName,
        _ => user.Roles.Select(role => (object)role).ToArray(),
    };

    private static FormulaType TypeOf(string property) => property switch
    {
        "id" => new(ValueKind.Reference) { IsNullable = false },
        "roles" => new(ValueKind.List) { IsNullable = false, Item = ValueKind.Text },
        _ => FormulaType.Text with { IsNullable = false },
    };
}
