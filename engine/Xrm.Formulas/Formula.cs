using System.Collections.Immutable;
using System.Globalization;
using Xrm.Formulas.Nodes;
using Xrm.Formulas.Values;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas;

/// <summary>
/// A checked formula: runs over a record in memory, and writes itself as SQL, with the same result. Immutable.
/// Where it stands decides what it gives: a condition or filter gives true or false, never null; a computed field or default
/// gives a value that its column can hold.
/// </summary>
public sealed class Formula
{
    private readonly FormulaSet _formulas;
    private readonly Column? _column;
    private readonly Lazy<Usage> _usage;

    internal Formula(string text, SourceLocation location, Node root, Column? column, (FormulaSet Formulas, FormulaUse Use) place)
    {
        (Text, Location, Root, _column) = (text, location, root, column);
        (_formulas, Use) = place;
        // Not known until all formulas of the set are.
        _usage = new(() => place.Formulas.UsageOf(root));
    }

    /// <summary>The formula as written.</summary>
    public string Text { get; }

    /// <summary>Where it is written.</summary>
    public SourceLocation Location { get; }

    /// <summary>Where it stands.</summary>
    public FormulaUse Use { get; }

    /// <summary>Kind of the value; <see cref="ValueKind.None"/> for the constant <c>null</c>. Float does not occur: formulas calculate with exact numbers.</summary>
    public ValueKind Kind => IsAnswer ? ValueKind.Boolean : Root.Type.Kind;

    /// <summary>CLR and SQL type of the value: of the column where the formula fills one; else numbers are <see cref="decimal"/>.</summary>
    public ColumnType ColumnType => _column?.Type ?? Kind switch
    {
        ValueKind.Number => ColumnType.Decimal,
        ValueKind.Boolean => ColumnType.Boolean,
        ValueKind.Date => ColumnType.Date,
        ValueKind.DateTime => ColumnType.Timestamp,
        ValueKind.Time => ColumnType.Time,
        ValueKind.Reference or ValueKind.Uuid => ColumnType.Uuid,
        ValueKind.Json => ColumnType.Json,
        ValueKind.List when Root.Type.Item == ValueKind.Number => ColumnType.IntegerList,
        ValueKind.List when Root.Type.Item is ValueKind.Uuid or ValueKind.Reference => ColumnType.UuidList,
        ValueKind.List => ColumnType.TextList,
        _ => ColumnType.Text,
    };

    /// <summary>It asks for nothing but the record's own stored values (through computed fields that are not stored, too).</summary>
    public bool IsSameRow => _usage.Value.IsSameRow;

    /// <summary>The same record always gives the same result: it asks for no time, zone, user or change.</summary>
    public bool IsDeterministic => _usage.Value.IsDeterministic;

    /// <summary>The record's own fields that the result depends on: for <c>account.industry</c> the lookup <c>account</c>. In no order.</summary>
    public ImmutableArray<Field> Fields => _usage.Value.Fields;

    internal Node Root { get; }

    private bool IsAnswer => Use is FormulaUse.Condition or FormulaUse.Filter;

    /// <summary>Runs the formula over a record. Never fails for what a record holds: what has no result is null.</summary>
    /// <param name="scope">The record.</param>
    /// <returns>A value of the CLR type of <see cref="ColumnType"/>; null where there is none. A bool, never null, for conditions and filters.</returns>
    public object? Evaluate(IFormulaScope scope) => Evaluate(new Evaluation(scope, _formulas, []));

    /// <summary>Runs the formula and says whether the result counts as true: null, false, 0, "" and the empty list do not.</summary>
    /// <param name="scope">The record.</param>
    public bool IsTrue(IFormulaScope scope) => Root.IsTrue(new Evaluation(scope, _formulas, []));

    /// <summary>
    /// Writes the formula as one SQL operand that gives what <see cref="Evaluate(IFormulaScope)"/> gives. Of a filter or condition,
    /// SQL's null stands for false, so that indexes can serve it: put it where null counts as false (<c>where</c>, <c>filter</c>), never behind <c>not</c>.
    /// </summary>
    /// <param name="target">Takes the SQL.</param>
    public void WriteSql(IFormulaSql target) => Write(new SqlText(target, _formulas, []));

    /// <summary>The formula as written.</summary>
    public override string ToString() => Text;

    internal object? Evaluate(Evaluation evaluation)
    {
        if (IsAnswer) return Root.IsTrue(evaluation);
        var value = Root.Evaluate(evaluation);
        if (value is null) return null;
        return _column is null ? Stored.Plain(value, ColumnType) : Stored.Fit(value, _column);
    }

    internal void Write(SqlText sql)
    {
        if (IsAnswer) sql.Infix(inner => Root.WriteTruth(inner, exact: false), "", _ => { });
        else if (_column is null) WriteUnfitted(sql);
        else WriteFitted(sql, _column);
    }

    private void WriteUnfitted(SqlText sql)
    {
        if (Kind == ValueKind.Number) Root.WriteNumeric(sql);
        else Root.Write(sql);
    }

    // A value that its column has no room for is null: one odd record must not make a whole list fail.
    private void WriteFitted(SqlText sql, Column column)
    {
        var fraction = column.Scale;
        switch (column.Type)
        {
            case ColumnType.Integer when !Root.Type.IsInteger:
                WriteWithin(sql, "9223372036854775807", ("", ""), "bigint");
                break;
            case ColumnType.Decimal when column.Precision > 0:
                WriteWithin(sql,
                    string.Create(CultureInfo.InvariantCulture, $"1e{column.Precision - fraction}"),
                    ("round(", string.Create(CultureInfo.InvariantCulture, $", {fraction})")),
                    string.Create(CultureInfo.InvariantCulture, $"numeric({column.Precision}, {fraction})"));
                break;
            case ColumnType.Float:
                sql.Text("cast(");
                Root.WriteNumeric(sql);
                sql.Text(" as double precision)");
                break;
            default:
                Root.Write(sql);
                break;
        }
    }

    // The value stands there once: a case that asks whether it fits before it casts it would double the SQL with each computed field that is asked for by another.
    private void WriteWithin(SqlText sql, string limit, (string Open, string Close) rounded, string type)
    {
        sql.Text("cast(" + SqlText.OpenWithin + rounded.Open);
        Root.WriteNumeric(sql);
        sql.Text(rounded.Close + SqlText.CloseWithin(limit) + " as " + type + ")");
    }
}
