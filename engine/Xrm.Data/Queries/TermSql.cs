using System.Diagnostics.CodeAnalysis;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes terms as SQL, for one select.</summary>
/// <param name="statement">The statement.</param>
/// <param name="set">Tables of the select.</param>
/// <param name="outer">Terms of the select around this one, whose rows can be named in it; null for the outermost.</param>
internal sealed class TermSql(SelectSql statement, RowSet set, TermSql? outer = null)
{
    private readonly TermSql? _outer = outer;

    public SqlBuilder Sql => statement.Builder;

    public RowSet Set => set;

    public Caller Caller => statement.Plan.Context.Caller;

    public DateTime UtcNow => statement.Plan.Context.UtcNow;

    public string TimeZone => statement.Plan.Context.Published.Model.TimeZone;

    public void Write(Term term)
    {
        switch (term)
        {
            case ColumnTerm column: Sql.Name(column.Source.Alias, column.Column.Name); break;
            case FileTerm file: File(file); break;
            case ConstantTerm constant: Constant(constant); break;
            case FormulaTerm formula: Formula(formula.Source, formula.Formula); break;
            case UnfilledTerm unfilled: Stored(unfilled.Source, unfilled.Field, unfilled.Column); break;
            case RollupTerm rollup: Rollup(rollup.Source, rollup.Rollup, rollup.Column); break;
            case FormulaConditionTerm condition: Formula(condition.Source, condition.Formula); break;
            case BoundFormulaTerm bound: Formula(bound.Source, bound.Formula); break;
            case LogicTerm logic: Logic(logic); break;
            case NotTerm not: Not(not); break;
            case CompareTerm compare: Compare(compare); break;
            case NullTerm isNull: IsNull(isNull); break;
            case InTerm list: In(list); break;
            case ReachTerm reach: new ReachSql(statement, this).Condition(reach); break;
            case MaskTerm mask: new MaskSql(this).Write(mask); break;
            case RowFilterTerm filter: RowFilter(filter); break;
            case MatchTerm match: Match(match); break;
            case BehindTerm behind: Behind(behind, 0); break;
            case SearchTerm search: new SearchSql(this).Condition(search); break;
            case SearchScoreTerm score: new SearchSql(this).Score(score); break;
            case CaseTerm change: Case(change); break;
            case LinkTerm link: Link(link); break;
            case FunctionTerm call: new FunctionSql(this).Call(call); break;
            case ArithmeticTerm calculation: new FunctionSql(this).Arithmetic(calculation); break;
            case NegateTerm negate: new FunctionSql(this).Negate(negate); break;
            case ShiftTerm or ChoiceTerm or CastTerm: new ConversionSql(this).Write(term); break;
            case NotTrueTerm notTrue: NotTrue(notTrue); break;
            case AsJsonTerm or AggregateTerm or ResultTerm or GroupedTerm or RowNumberTerm or RunningTerm: new SummaryTermSql(this, statement).Write(term); break;
            case NarrowedTerm narrowed: new SummaryTermSql(this, statement).Narrowed(narrowed); break;
            case ItemTerm item: Sql.Name(item.Alias, "item"); break;
            case ExistsTerm exists: statement.Exists(exists.Rows, this); break;
            case ScalarTerm scalar: statement.Scalar(scalar.Rows, this); break;
            case RowCountTerm count: statement.NestedCount(count.Rows, this); break;
            case ListCountTerm or ItemExistsTerm or OverlapTerm: new ListSql(this).Write(term); break;
            default: throw new InvalidOperationException($"{term.GetType().Name} has no SQL.");
        }
    }

    /// <summary>How many records a children or links field of a row has.</summary>
    public void Count(RowSource source, Field field)
    {
        var child = field.Child!;
        var alias = set.Aliases.Next();
        Sql.Text("(select count(*) from ").Name(statement.Schema, child.Plural).Text(" as ").Name(alias)
            .Text(" where ").Name(alias, field.Via!.Columns[0].Name).Text(" = ").Name(source.Alias, "id");
        if (child.HasRecycleBin) Sql.Text(" and ").Name(alias, "deleted_at").Text(" is null");
        Sql.Text(")");
    }

    /// <summary>A rollup of a row that is computed when it is read.</summary>
    public void Rollup(RowSource source, Rollup rollup, Column column) => new ComputedRollup(this, statement).Write(source, rollup, column);

    /// <summary>A stored value of a row: its column, or what computes it while a job is at that.</summary>
    public void Stored(RowSource source, Field field, Column column) => new RowValue(Sql, statement.Schema, statement.Plan.Context.Published).Write(source.Alias, field, column);

    private void File(FileTerm term)
    {
        var isList = term.Column.Type == ColumnType.UuidList;
        var alias = set.Aliases.Next();
        Sql.Either(isList, "(select coalesce(json_agg(", "(select ").Text("json_build_object('id', ").Name(alias, "id").Text(", 'name', ").Name(alias, "name")
            .Text(", 'size', ").Name(alias, "size").Text(", 'contentType', ").Name(alias, "content_type").Text(")");
        if (isList)
        {
            Sql.Text(" order by array_position(").Name(term.Source.Alias, term.Column.Name).Text(", ").Name(alias, "id").Text(")), '[]'::json)");
        }
        Sql.Text(" from ").Name(statement.Schema, "_file").Text(" as ").Name(alias).Text(" where ").Name(alias, "id");
        Sql.Either(isList, " = any(", " = ").Name(term.Source.Alias, term.Column.Name).Either(isList, "))", ")");
    }

    private void Constant(ConstantTerm constant)
    {
        switch (constant.Value)
        {
            case true: Sql.Text("true"); break;
            case false: Sql.Text("false"); break;
            // A lone parameter has no type of its own where PostgreSQL must choose an operator by it.
            case null: Sql.Text("null::").Trusted(ColumnCodec.SqlType(constant.Type)); break;
            default: Sql.Value(constant.Value, constant.Type); break;
        }
    }

    /// <summary>The filter of a role. The records that it looks at are joined in a select of its own, so that it can stand wherever a row is.</summary>
    private void RowFilter(RowFilterTerm term)
    {
        var context = statement.Plan.Context;
        var formula = context.Published.Formulas.Find(term.Filter) ?? throw Errors.XrmException.ModelChanged();
        var joins = new RowSet(term.Source, set.Aliases);
        formula.WriteSql(new FormulaJoins(context, joins, term.Source));
        if (joins.Joins.Count == 0) new TermSql(statement, joins, this).Formula(term.Source, formula);
        else statement.Satisfies(new TermSql(statement, joins, this), sql => sql.Formula(term.Source, formula));
    }

    private void Formula(RowSource source, Expression formula) => Formula(source, statement.Plan.Context.Published.Formulas[formula]);

    /// <summary>Where the row is one of a select further out, the tables that its formulas reach are joined there.</summary>
    private void Formula(RowSource source, Formula formula)
    {
        var owner = this;
        while (!owner.Set.Contains(source) && owner._outer is { } further) owner = further;
        Sql.Text("(");
        formula.WriteSql(new FormulaSql(owner, source));
        Sql.Text(")");
    }

    private void Logic(LogicTerm logic)
    {
        Sql.Text("(");
        for (var index = 0; index < logic.Operands.Length; index++)
        {
            if (index > 0) Sql.Either(logic.All, " and ", " or ");
            Write(logic.Operands[index]);
        }
        Sql.Text(")");
    }

    private void Compare(CompareTerm term)
    {
        var isEquality = term.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual;
        var hasConstant = term.Left is ConstantTerm || term.Right is ConstantTerm;
        // "is not distinct from" cannot use an index: where one side is a constant, "=" finds the same rows.
        var isPlain = !isEquality || (term.Operator == BinaryOperator.Equal && hasConstant) || IsKey(term);
        var needsAnswer = isPlain && term.Exact;
        Sql.Either(needsAnswer, "coalesce(", "(");
        Write(term.Left);
        if (isPlain && isEquality) SortedAsWords(term.Left);
        Operator(term.Operator, isPlain);
        Write(term.Right);
        if (isPlain && isEquality) SortedAsWords(term.Right);
        Sql.Either(needsAnswer, ", false)", ")");
    }

    private void Operator(BinaryOperator @operator, bool isPlain)
    {
        switch (@operator)
        {
            case BinaryOperator.Equal: Sql.Either(isPlain, " = ", " is not distinct from "); break;
            case BinaryOperator.NotEqual: Sql.Text(" is distinct from "); break;
            case BinaryOperator.Greater: Sql.Text(" > "); break;
            case BinaryOperator.GreaterOrEqual: Sql.Text(" >= "); break;
            case BinaryOperator.Less: Sql.Text(" < "); break;
            case BinaryOperator.LessOrEqual: Sql.Text(" <= "); break;
            default: throw new InvalidOperationException($"{@operator} is not a comparison.");
        }
    }

    /// <summary>An id is never null, and the planner knows it.</summary>
    private static bool IsKey(CompareTerm term) => term.Operator == BinaryOperator.Equal
        && (term.Left is ColumnTerm { Column.Name: "id" } || term.Right is ColumnTerm { Column.Name: "id" });

    private void IsNull(NullTerm term)
    {
        Sql.Text("(");
        Write(term.Operand);
        Sql.Either(term.Negated, " is not null)", " is null)");
    }

    private void In(InTerm term)
    {
        Sql.Either(term.Exact, "(coalesce(", "(");
        Write(term.Operand);
        SortedAsWords(term.Operand);
        Sql.Text(" = any(").Values(term.Values, term.ValueType).Either(term.Exact, "), false)", ")");
        if (term.OrNull)
        {
            Sql.Text(" or ");
            Write(term.Operand);
            Sql.Text(" is null");
        }
        Sql.Text(")");
    }

    private void Match(MatchTerm term)
    {
        if (term.Part is ConstantTerm { Value: string part }) Like(term, part);
        else if (term.How == QueryFunction.Contains) Call("strpos", term.Text, term.Part, " > 0");
        else if (term.How == QueryFunction.StartsWith) Call("starts_with", term.Text, term.Part, "");
        else EndsWith(term);
    }

    private void Like(MatchTerm term, string part)
    {
        if (term.How == QueryFunction.StartsWith && term.Text is ColumnTerm column)
        {
            if (!column.Column.IsWords && TextRange.BehindPrefix(part) is { } end)
            {
                Between(column, part, end);
                return;
            }
            if (column.Column.IsWords && !term.Exact && TextRange.LastWordWithPrefix(part) is { } last)
            {
                BetweenWords(column, part, last);
                return;
            }
        }
        var escaped = LikePattern.Escape(part);
        Sql.Text("(");
        Write(term.Text);
        Sql.Text(" like ").Value(term.How switch
        {
            QueryFunction.Contains => $"%{escaped}%",
            QueryFunction.StartsWith => $"{escaped}%",
            _ => $"%{escaped}",
        }, ColumnType.Text).Text(")");
    }

    /// <summary>"Starts with" as a range, which an index serves with one plan for every beginning.</summary>
    private void Between(ColumnTerm column, string from, string to)
    {
        Sql.Text("(");
        Write(column);
        Sql.Text(" >= ").Value(from, ColumnType.Text).Text(" and ");
        Write(column);
        Sql.Text(" < ").Value(to, ColumnType.Text).Text(")");
    }

    /// <summary>
    /// Likewise in the order of words, which knows more texts in that range: upper and lower case are neighbours there. The pattern stands
    /// in a case, of which PostgreSQL expects every second row to pass; of the pattern itself, one in two hundred, so that it would
    /// rather sort the few that it expects than read the index in order.
    /// </summary>
    private void BetweenWords(ColumnTerm column, string part, string last)
    {
        Sql.Text("(case when ");
        Write(column);
        Sql.Text(" like ").Value($"{LikePattern.Escape(part)}%", ColumnType.Text).Text(" then true end and ");
        Write(column);
        Sql.Text(SqlCollation.Words).Text(" >= ").Value(part, ColumnType.Text).Text(" and ");
        Write(column);
        Sql.Text(SqlCollation.Words).Text(" <= ").Value(last, ColumnType.Text).Text(")");
    }

    /// <summary>The order that the column's indexes have: keys compare code points, all others words.</summary>
    private void SortedAsWords(Term term)
    {
        if (term is ColumnTerm { Column.IsWords: true } column && !IsPartOfKey(column)) Sql.Text(SqlCollation.Words);
    }

    private static bool IsPartOfKey(ColumnTerm column) =>
        column.Source.Entity.FindColumn(column.Column.Name) is var (field, _) && column.Source.Entity.Keys.Any(key => key.Fields.Contains(field));

    /// <summary>
    /// Behind a row in an order: further by this step, or equal in it and behind by the later ones. Where it can, the condition begins
    /// with a bound of its own, at which PostgreSQL enters the index.
    /// </summary>
    private void Behind(BehindTerm term, int index)
    {
        var (step, value) = (term.Order[index], term.Values[index]);
        var isLast = index == term.Order.Length - 1;
        if (value is null) BehindNull(term, step, index, isLast);
        else if (isLast) Bound(step, value, orEqual: false);
        else if (step is { Descending: true, Nullable: true })
        {
            Sql.Text("(");
            Bound(step, value, orEqual: false);
            Sql.Text(" or ");
            Write(step.Term);
            Sql.Text(" is null or (");
            Equal(step, value);
            Sql.Text(" and ");
            Behind(term, index + 1);
            Sql.Text("))");
        }
        else
        {
            Sql.Text("(");
            Bound(step, value, orEqual: true);
            Sql.Text(" and (");
            Bound(step, value, orEqual: false);
            Sql.Text(" or ");
            Behind(term, index + 1);
            Sql.Text("))");
        }
    }

    /// <summary>Null comes first going up, and last going down.</summary>
    private void BehindNull(BehindTerm term, PlannedOrder step, int index, bool isLast)
    {
        Sql.Text("(");
        if (!step.Descending)
        {
            Write(step.Term);
            Sql.Text(" is not null");
            if (!isLast) Sql.Text(" or ");
        }
        if (!isLast)
        {
            Sql.Text("(");
            Write(step.Term);
            Sql.Text(" is null and ");
            Behind(term, index + 1);
            Sql.Text(")");
        }
        else if (step.Descending) Sql.Text("false");
        Sql.Text(")");
    }

    private void Bound(PlannedOrder step, object value, bool orEqual)
    {
        Write(step.Term);
        if (step.AsWords) Sql.Text(SqlCollation.Words);
        if (step.Descending) Sql.Either(orEqual, " <= ", " < ");
        else Sql.Either(orEqual, " >= ", " > ");
        Sql.Value(value, step.Term.Type);
    }

    private void Equal(PlannedOrder step, object value)
    {
        Write(step.Term);
        if (step.AsWords) Sql.Text(SqlCollation.Words);
        Sql.Text(" = ").Value(value, step.Term.Type);
    }

    private void EndsWith(MatchTerm term)
    {
        Sql.Text("(right(");
        Write(term.Text);
        Sql.Text(", length(");
        Write(term.Part);
        Sql.Text(")) = ");
        Write(term.Part);
        Sql.Text(")");
    }

    private void Link(LinkTerm term)
    {
        var alias = set.Aliases.Next();
        Sql.Text("exists (select 1 from ").Name(statement.Schema, term.Link.Plural).Text(" as ").Name(alias)
            .Text(" where ").Name(alias, term.FarSide.Columns[0].Name).Text(" = ").Name(term.Far.Alias, "id")
            .Text(" and ").Name(alias, term.NearSide.Columns[0].Name).Text(" = ");
        Write(term.NearId);
        if (term.Link.HasRecycleBin) Sql.Text(" and ").Name(alias, "deleted_at").Text(" is null");
        Sql.Text(")");
    }

    private void Not(NotTerm term)
    {
        Sql.Text("(not ");
        Write(term.Operand);
        Sql.Text(")");
    }

    private void NotTrue(NotTrueTerm term)
    {
        Sql.Text("(");
        Write(term.Operand);
        Sql.Text(" is not true)");
    }

    private void Case(CaseTerm term)
    {
        Sql.Either(term.Upper, "upper(", "lower(");
        Write(term.Text);
        Sql.Text(SqlCollation.Words).Text(")");
    }

    private void Call([ConstantExpected] string function, Term first, Term second, [ConstantExpected] string after)
    {
        Sql.Text("(").Text(function).Text("(");
        Write(first);
        Sql.Text(", ");
        Write(second);
        Sql.Text(")").Text(after).Text(")");
    }
}
