using System.Collections.Immutable;

namespace Xrm.Formulas.Parsing;

/// <summary>A formula as written: names are not resolved yet.</summary>
/// <param name="Position">One-based character at which this part starts.</param>
internal abstract record Syntax(int Position);

/// <summary>A constant: null, bool, decimal or string.</summary>
internal sealed record LiteralSyntax(int Position, object? Value) : Syntax(Position);

internal sealed record NameSyntax(int Position, string Name) : Syntax(Position);

/// <summary><c>target.name</c>.</summary>
internal sealed record MemberSyntax(int Position, Syntax Target, string Name) : Syntax(Position);

/// <summary><c>name(…)</c>, or <c>target.name(…)</c> where there is a target.</summary>
internal sealed record CallSyntax(int Position, Syntax? Target, string Name, ImmutableArray<Syntax> Arguments) : Syntax(Position);

internal sealed record UnarySyntax(int Position, string Operator, Syntax Operand) : Syntax(Position);

internal sealed record BinarySyntax(int Position, string Operator, Syntax Left, Syntax Right) : Syntax(Position);

internal sealed record ConditionalSyntax(int Position, Syntax Test, Syntax Then, Syntax Else) : Syntax(Position);

internal sealed record ArraySyntax(int Position, ImmutableArray<Syntax> Items) : Syntax(Position);
