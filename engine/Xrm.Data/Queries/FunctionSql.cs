using System.Diagnostics.CodeAnalysis;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes calls and calculations as SQL. Each operand is written once, so that nesting does not multiply the text.</summary>
internal sealed class FunctionSql(TermSql terms)
{
    private SqlBuilder Sql => terms.Sql;

    public void Call(FunctionTerm term)
    {
        var first = term.Arguments[0];
        Sql.Text("(");
        switch (term.Function)
        {
            case QueryFunction.Length: Around("length(", first, ")::bigint"); break;
            case QueryFunction.IndexOf: Around("strpos(", first, ", ", term.Arguments[1], ")::bigint - 1"); break;
            case QueryFunction.Concat: Around("", first, " || ", term.Arguments[1], ""); break;
            case QueryFunction.Trim: Around("btrim(", first, @", E' \t\n\r\f\v\u00a0')"); break;
            case QueryFunction.MatchesPattern: Around("", first, " ~ ", term.Arguments[1], ""); break;
            case QueryFunction.Substring: Substring(term); break;
            case QueryFunction.Year: Part("extract(year from ", first, ")::bigint"); break;
            case QueryFunction.Month: Part("extract(month from ", first, ")::bigint"); break;
            case QueryFunction.Day: Part("extract(day from ", first, ")::bigint"); break;
            case QueryFunction.Hour: Part("extract(hour from ", first, ")::bigint"); break;
            case QueryFunction.Minute: Part("extract(minute from ", first, ")::bigint"); break;
            case QueryFunction.Second: Part("trunc(extract(second from ", first, "))::bigint"); break;
            case QueryFunction.FractionalSeconds: Part("mod(extract(second from ", first, "), 1)"); break;
            case QueryFunction.Date: Part("(", first, ")::date"); break;
            case QueryFunction.Time: Part("(", first, ")::time"); break;
            case QueryFunction.TotalOffsetMinutes: Around("case when ", first, " is not null then 0::bigint end"); break;
            case QueryFunction.Round or QueryFunction.Floor or QueryFunction.Ceiling: Round(term.Function, first); break;
            default: throw new InvalidOperationException($"{term.Function} has no SQL.");
        }
        Sql.Text(")");
    }

    public void Arithmetic(ArithmeticTerm term)
    {
        var isDivision = term.Operator is BinaryOperator.Divide or BinaryOperator.DivideBy or BinaryOperator.Modulo;
        // PostgreSQL has no remainder of floats, and divides whole numbers as whole numbers.
        var isExact = (term.Operator == BinaryOperator.Modulo && term.Type == ColumnType.Float) || (term.Operator == BinaryOperator.DivideBy && term.Type == ColumnType.Decimal);
        Sql.Text("(");
        terms.Write(term.Left);
        if (isExact) Sql.Text("::numeric");
        switch (term.Operator)
        {
            case BinaryOperator.Add: Sql.Text(" + "); break;
            case BinaryOperator.Subtract: Sql.Text(" - "); break;
            case BinaryOperator.Multiply: Sql.Text(" * "); break;
            case BinaryOperator.Modulo: Sql.Text(" % "); break;
            default: Sql.Text(" / "); break;
        }
        if (isDivision) Sql.Text("nullif(");
        terms.Write(term.Right);
        if (isExact) Sql.Text("::numeric");
        if (isDivision) Sql.Text(", 0)");
        Sql.Text(")");
        if (isExact && term.Type == ColumnType.Float) Sql.Text("::double precision");
    }

    public void Negate(NegateTerm term) => Around("(- ", term.Operand, ")");

    /// <summary>Halves go away from zero, which PostgreSQL does for exact numbers alone.</summary>
    private void Round(QueryFunction function, Term number)
    {
        switch (function)
        {
            case QueryFunction.Floor: Sql.Text("floor("); break;
            case QueryFunction.Ceiling: Sql.Text("ceiling("); break;
            default: Sql.Text("round("); break;
        }
        terms.Write(number);
        Sql.Text("::numeric)");
        if (number.Type == ColumnType.Integer) Sql.Text("::bigint");
        if (number.Type == ColumnType.Float) Sql.Text("::double precision");
    }

    /// <summary>In a select of its own, where start and length can be named instead of written again.</summary>
    private void Substring(FunctionTerm term)
    {
        var hasLength = term.Arguments.Length > 2;
        Sql.Text("select substring(s.t from case when s.n is null then null when s.n < 0 then greatest(length(s.t) + s.n, 0) else least(s.n, 1000000000) end::int + 1");
        if (hasLength) Sql.Text(" for case when s.l < 0 then 0 when s.l > 1000000000 then 1000000000 else s.l end::int");
        Around(") from (select ", term.Arguments[0], " as t, ", term.Arguments[1], " as n");
        if (hasLength) Around(", ", term.Arguments[2], " as l");
        Sql.Text(") as s");
    }

    /// <summary>A part of a date or time; of an instant, in UTC.</summary>
    private void Part([ConstantExpected] string before, Term moment, [ConstantExpected] string after)
    {
        Sql.Text(before);
        terms.Write(moment);
        if (moment.Type == ColumnType.Timestamp) Sql.Text(" at time zone 'UTC'");
        Sql.Text(after);
    }

    private void Around([ConstantExpected] string before, Term term, [ConstantExpected] string after)
    {
        Sql.Text(before);
        terms.Write(term);
        Sql.Text(after);
    }

    private void Around([ConstantExpected] string before, Term first, [ConstantExpected] string between, Term second, [ConstantExpected] string after)
    {
        Sql.Text(before);
        terms.Write(first);
        Sql.Text(between);
        terms.Write(second);
        Sql.Text(after);
    }
}
