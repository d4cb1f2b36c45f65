using System.Collections.Immutable;
using Xrm.Formulas;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>A part of a planned query: every name is one of the model's, every constant has its column's type.</summary>
/// <param name="Type">Type of the value that it gives.</param>
internal abstract record Term(ColumnType Type);

/// <summary>A stored column.</summary>
internal sealed record ColumnTerm(RowSource Source, Column Column) : Term(Column.Type);

/// <summary>The files whose ids a column holds, as JSON: an object with id, name, size and content type, or a list of them.</summary>
internal sealed record FileTerm(RowSource Source, Column Column) : Term(ColumnType.Json);

/// <summary>A computed field that is not stored.</summary>
internal sealed record FormulaTerm(RowSource Source, Expression Formula, ColumnType Type) : Term(Type);

/// <summary>A column of a rollup that is not stored.</summary>
internal sealed record RollupTerm(RowSource Source, Rollup Rollup, Column Column) : Term(Column.Type);

/// <summary>A column that a job computes at present: what computes it.</summary>
internal sealed record UnfilledTerm(RowSource Source, Field Field, Column Column) : Term(Column.Type);

/// <summary>A formula of the model as a condition, where null counts as false.</summary>
internal sealed record FormulaConditionTerm(RowSource Source, Expression Formula) : Term(ColumnType.Boolean);

/// <summary>A formula that is not part of the model, such as one of a workflow under way.</summary>
internal sealed record BoundFormulaTerm(RowSource Source, Formula Formula) : Term(Formula.ColumnType);

/// <summary>A constant, which becomes a parameter.</summary>
internal sealed record ConstantTerm(object? Value, ColumnType Type) : Term(Type);

/// <summary>All or any of some conditions; never of none.</summary>
internal sealed record LogicTerm(bool All, ImmutableArray<Term> Operands) : Term(ColumnType.Boolean);

/// <summary>The opposite; unknown stays unknown.</summary>
internal sealed record NotTerm(Term Operand) : Term(ColumnType.Boolean);

/// <summary>
/// A comparison of two values of comparable types. An exact one gives false, not unknown, where an operand is null: needed wherever
/// the answer is turned round.
/// </summary>
internal sealed record CompareTerm(BinaryOperator Operator, Term Left, Term Right, bool Exact) : Term(ColumnType.Boolean);

/// <summary>True where the value is null.</summary>
internal sealed record NullTerm(Term Operand, bool Negated) : Term(ColumnType.Boolean);

/// <summary>True where the value is one of these, or null where that is among them.</summary>
internal sealed record InTerm(Term Operand, ImmutableArray<object?> Values, ColumnType ValueType, bool OrNull, bool Exact) : Term(ColumnType.Boolean);

/// <summary>True where a right reaches the row: it belongs to one of some owners or units.</summary>
/// <param name="Owner">Owner of the row.</param>
/// <param name="Unit">Its owning unit; null for an entity without.</param>
/// <param name="Reach">What the right reaches; not all.</param>
internal sealed record ReachTerm(ColumnTerm Owner, ColumnTerm? Unit, Reach Reach) : Term(ColumnType.Boolean);

/// <summary>The part of a text or date that somebody sees who may not see all of it.</summary>
/// <param name="Value">The text or date.</param>
/// <param name="Mask">Which part: <see cref="Metadata.Source.FieldAccess.Mask"/>.</param>
internal sealed record MaskTerm(Term Value, string Mask) : Term(Value.Type);

/// <summary>True where a row fulfils the filter of a role. It may look at other records, whoever may see them.</summary>
internal sealed record RowFilterTerm(RowSource Source, Expression Filter) : Term(ColumnType.Boolean);

/// <summary>True where a text contains, begins or ends with another. One that is not exact may give false for unknown.</summary>
internal sealed record MatchTerm(QueryFunction How, Term Text, Term Part, bool Exact = false) : Term(ColumnType.Boolean);

/// <summary>Values that are searched together.</summary>
/// <param name="Values">The values, and how each becomes text.</param>
/// <param name="Language">Language whose words are known by their stems: one of <see cref="SearchLanguage"/>.</param>
internal sealed record SearchedText(ImmutableArray<(SearchForm Form, Term Value)> Values, string Language);

/// <summary>True where a text has what somebody searches for, or (similar) words that are like it.</summary>
internal sealed record SearchTerm(SearchedText Text, SearchNode Wanted, bool Similar) : Term(ColumnType.Boolean);

/// <summary>How well a row that was found fits what somebody searches for; the larger the better.</summary>
/// <param name="Primary">The primary field; no value where the caller may not see it.</param>
/// <param name="Others">The other searched fields.</param>
/// <param name="Wanted">What is searched for.</param>
/// <param name="Similar">Words that are like it count, too.</param>
internal sealed record SearchScoreTerm(SearchedText Primary, SearchedText Others, SearchNode Wanted, bool Similar) : Term(ColumnType.Integer);

/// <summary>True for the rows that come behind a row with these values, one for each step of the order.</summary>
internal sealed record BehindTerm(ImmutableArray<PlannedOrder> Order, ImmutableArray<object?> Values) : Term(ColumnType.Boolean);

/// <summary>A text in lower or upper case.</summary>
internal sealed record CaseTerm(Term Text, bool Upper) : Term(ColumnType.Text);

/// <summary>True where a link record connects the far record with the near one.</summary>
internal sealed record LinkTerm(RowSource Far, Entity Link, Field FarSide, Field NearSide, Term NearId) : Term(ColumnType.Boolean);

/// <summary>A call of a function that has no term of its own.</summary>
internal sealed record FunctionTerm(QueryFunction Function, ImmutableArray<Term> Arguments, ColumnType Type) : Term(Type);

/// <summary>A calculation; a division by zero gives null.</summary>
internal sealed record ArithmeticTerm(BinaryOperator Operator, Term Left, Term Right, ColumnType Type) : Term(Type);

/// <summary>A date or an instant, moved by a constant time.</summary>
internal sealed record ShiftTerm(Term Moment, TimeSpan By) : Term(Moment.Type);

/// <summary>The first value whose condition is true; null where none is.</summary>
internal sealed record ChoiceTerm(ImmutableArray<(Term When, Term Then)> Choices, ColumnType Type) : Term(Type);

/// <summary>A value as another type; only where every value can be.</summary>
internal sealed record CastTerm(Term Operand, ColumnType Type) : Term(Type);

/// <summary>A number with its sign turned round.</summary>
internal sealed record NegateTerm(Term Operand) : Term(Operand.Type);

/// <summary>A value as JSON: exact numbers with all their digits, however many.</summary>
internal sealed record AsJsonTerm(Term Operand) : Term(ColumnType.Json)
{
    /// <summary>The value as it goes into an answer: calculated numbers can have more digits than a number in memory.</summary>
    public static Term Shown(Term term) => term.Type == ColumnType.Decimal && term is not ColumnTerm ? new AsJsonTerm(term) : term;
}

/// <summary>One value for the rows of a group; without a value, their number.</summary>
internal sealed record AggregateTerm(AggregateMethod Method, Term? Operand, ColumnType Type) : Term(Type);

/// <summary>A value of a summary, by its place.</summary>
internal sealed record ResultTerm(int Index, ColumnType Type) : Term(Type);

/// <summary>True in the rows of a summary that are grouped by a value, false in those of a coarser level.</summary>
/// <param name="Key">The value, by its place.</param>
internal sealed record GroupedTerm(ResultTerm Key) : Term(ColumnType.Boolean);

/// <summary>The place of a row in an order, from 1 on.</summary>
internal sealed record RowNumberTerm(ImmutableArray<PlannedOrder> Order) : Term(ColumnType.Integer);

/// <summary>True for the first rows of an order, as many as are needed until their values come to an amount.</summary>
/// <param name="Value">The value, a number that is not null.</param>
/// <param name="Order">The order; it begins with the value.</param>
/// <param name="Amount">The amount.</param>
/// <param name="IsPercent">The amount is in hundredths of the sum of all values.</param>
internal sealed record RunningTerm(Term Value, ImmutableArray<PlannedOrder> Order, decimal Amount, bool IsPercent) : Term(ColumnType.Boolean);

/// <summary>True where a row is among the first of a select over the same tables.</summary>
/// <param name="Rows">The select, of whose tables the first so many as it says are joined.</param>
/// <param name="Running">Which of its rows; null for all.</param>
internal sealed record NarrowedTerm(Selection Rows, RunningTerm? Running) : Term(ColumnType.Boolean);

/// <summary>True where the condition is false or unknown.</summary>
internal sealed record NotTrueTerm(Term Operand) : Term(ColumnType.Boolean);

/// <summary>True where a select has a row. Its columns do not matter.</summary>
internal sealed record ExistsTerm(Selection Rows) : Term(ColumnType.Boolean);

/// <summary>The one value of the one row that a select has; null where it has none.</summary>
internal sealed record ScalarTerm(Selection Rows, ColumnType Type) : Term(Type);

/// <summary>How many rows a select has.</summary>
internal sealed record RowCountTerm(Selection Rows) : Term(ColumnType.Integer);

/// <summary>How many items a list has; 0 for null.</summary>
internal sealed record ListCountTerm(Term List) : Term(ColumnType.Integer);

/// <summary>An item of a list, under an alias made by the engine.</summary>
internal sealed record ItemTerm(string Alias, ColumnType Type) : Term(Type);

/// <summary>True where any item of a list (or all of them) fulfils a condition; null is a list without items.</summary>
internal sealed record ItemExistsTerm(Term List, ItemTerm Item, Term Condition, bool All) : Term(ColumnType.Boolean);

/// <summary>True where a list has one of these items. An exact one gives false, not unknown, for null.</summary>
internal sealed record OverlapTerm(Term List, ImmutableArray<object?> Items, ColumnType ItemType, bool Exact) : Term(ColumnType.Boolean);
