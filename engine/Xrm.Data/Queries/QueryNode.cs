using System.Collections.Immutable;

namespace Xrm.Data.Queries;

/// <summary>A part of a condition as written.</summary>
/// <param name="Position">One-based position in the option's text, for errors.</param>
public abstract record QueryNode(int Position);

/// <summary>A property, reached through lookups: <c>account/industry</c>.</summary>
/// <param name="Segments">The names, at least one.</param>
/// <param name="Position">One-based position.</param>
public sealed record PathNode(ImmutableArray<string> Segments, int Position) : QueryNode(Position)
{
    /// <summary>The path as written.</summary>
    public override string ToString() => string.Join('/', Segments);
}

/// <summary>A constant.</summary>
/// <param name="Kind">What it was written as.</param>
/// <param name="Value">
/// Null, <see cref="bool"/>, <see cref="string"/>, <see cref="decimal"/> or (where a decimal cannot hold it) <see cref="double"/>,
/// <see cref="DateOnly"/>, <see cref="DateTime"/> in UTC, <see cref="TimeOnly"/>, <see cref="Guid"/>, <see cref="TimeSpan"/>.
/// </param>
/// <param name="Position">One-based position.</param>
public sealed record LiteralNode(LiteralKind Kind, object? Value, int Position) : QueryNode(Position);

/// <summary>How a constant was written.</summary>
public enum LiteralKind
{
    /// <summary><c>null</c></summary>
    Null,

    /// <summary><c>true</c>, <c>false</c></summary>
    Boolean,

    /// <summary><c>'text'</c></summary>
    Text,

    /// <summary><c>12.50</c></summary>
    Number,

    /// <summary><c>2026-11-22</c></summary>
    Date,

    /// <summary><c>2026-11-22T10:00:00Z</c></summary>
    DateTime,

    /// <summary><c>10:00:00</c></summary>
    Time,

    /// <summary><c>01234567-89ab-7def-8123-456789abcdef</c></summary>
    Uuid,

    /// <summary><c>duration'P1DT2H'</c></summary>
    Duration,
}

/// <summary>Two operands and what is done with them.</summary>
/// <param name="Operator">What is done.</param>
/// <param name="Left">Left operand.</param>
/// <param name="Right">Right operand.</param>
/// <param name="Position">One-based position of the operator.</param>
public sealed record BinaryNode(BinaryOperator Operator, QueryNode Left, QueryNode Right, int Position) : QueryNode(Position);

/// <summary>Operators with two operands.</summary>
public enum BinaryOperator
{
    /// <summary><c>or</c></summary>
    Or,

    /// <summary><c>and</c></summary>
    And,

    /// <summary><c>eq</c></summary>
    Equal,

    /// <summary><c>ne</c></summary>
    NotEqual,

    /// <summary><c>gt</c></summary>
    Greater,

    /// <summary><c>ge</c></summary>
    GreaterOrEqual,

    /// <summary><c>lt</c></summary>
    Less,

    /// <summary><c>le</c></summary>
    LessOrEqual,

    /// <summary><c>has</c>: a list on the left has the value on the right.</summary>
    Has,

    /// <summary><c>add</c></summary>
    Add,

    /// <summary><c>sub</c></summary>
    Subtract,

    /// <summary><c>mul</c></summary>
    Multiply,

    /// <summary><c>div</c>: of two whole numbers a whole number, cut towards zero.</summary>
    Divide,

    /// <summary><c>divby</c>: always with the digits behind the point.</summary>
    DivideBy,

    /// <summary><c>mod</c>: the rest of a division, with the sign of the left side.</summary>
    Modulo,
}

/// <summary>The opposite of a condition.</summary>
/// <param name="Operand">The condition.</param>
/// <param name="Position">One-based position.</param>
public sealed record NotNode(QueryNode Operand, int Position) : QueryNode(Position);

/// <summary>A number with its sign turned round.</summary>
/// <param name="Operand">The number.</param>
/// <param name="Position">One-based position of the sign.</param>
public sealed record NegateNode(QueryNode Operand, int Position) : QueryNode(Position);

/// <summary>A condition about the items of a list or of related records: <c>lines/any(l: l/amount gt 100)</c>.</summary>
/// <param name="Collection">Where they are.</param>
/// <param name="All">True for <c>all</c>, which no item contradicts; false for <c>any</c>, which one item fulfils.</param>
/// <param name="Variable">What an item is called in the condition; null where there is no condition.</param>
/// <param name="Condition">What is asked of an item; null for <c>any()</c>, which is true where there is an item.</param>
/// <param name="Position">One-based position.</param>
public sealed record LambdaNode(PathNode Collection, bool All, string? Variable, QueryNode? Condition, int Position) : QueryNode(Position);

/// <summary>How many items a list or how many related records there are: <c>lines/$count</c>.</summary>
/// <param name="Collection">Where they are.</param>
/// <param name="Filter">Only those are counted for which it is true; its paths begin at them. Null for all.</param>
/// <param name="Position">One-based position.</param>
public sealed record CountNode(PathNode Collection, QueryNode? Filter, int Position) : QueryNode(Position);

/// <summary>True where the operand equals one of the constants.</summary>
/// <param name="Operand">What is compared.</param>
/// <param name="Items">The constants, at least one.</param>
/// <param name="Position">One-based position of the operator.</param>
public sealed record InNode(QueryNode Operand, ImmutableArray<LiteralNode> Items, int Position) : QueryNode(Position);

/// <summary>A call of one of the query language's functions.</summary>
/// <param name="Function">Which function.</param>
/// <param name="Arguments">Its arguments, as many as the function takes.</param>
/// <param name="Position">One-based position.</param>
public sealed record CallNode(QueryFunction Function, ImmutableArray<QueryNode> Arguments, int Position) : QueryNode(Position);

/// <summary>The first value whose condition is true: <c>case(months gt 12:'long',true:'short')</c>; null where none is.</summary>
/// <param name="Choices">Conditions and values, at least one.</param>
/// <param name="Position">One-based position.</param>
public sealed record CaseNode(ImmutableArray<(QueryNode When, QueryNode Then)> Choices, int Position) : QueryNode(Position);

/// <summary>A value as another type: <c>cast(months,Edm.String)</c>.</summary>
/// <param name="Value">The value.</param>
/// <param name="Type">Name of the type as written.</param>
/// <param name="Position">One-based position.</param>
public sealed record CastNode(QueryNode Value, string Type, int Position) : QueryNode(Position);

/// <summary>Whether a value, or the row itself, is of a type: <c>isof(regarding,Xrm.account)</c>.</summary>
/// <param name="Value">The value; null for the row.</param>
/// <param name="Type">Name of the type as written.</param>
/// <param name="Position">One-based position.</param>
public sealed record IsOfNode(QueryNode? Value, string Type, int Position) : QueryNode(Position);

/// <summary>A value of a record that the query names: <c>$root/accounts(number='A-1')/score</c>.</summary>
/// <param name="Collection">Plural name of the entity.</param>
/// <param name="Key">Values of the key with the names of their properties.</param>
/// <param name="Path">The value, from the record on.</param>
/// <param name="Position">One-based position.</param>
public sealed record RootNode(string Collection, ImmutableArray<(string Name, LiteralNode Value)> Key, PathNode Path, int Position) : QueryNode(Position);
