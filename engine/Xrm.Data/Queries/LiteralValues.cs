using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Gives the constants of a query the type of what they are compared with.</summary>
internal static class LiteralValues
{
    /// <summary>The constant for a comparison with a value of that type.</summary>
    /// <exception cref="Errors.XrmException">400 <c>wrong_type</c>.</exception>
    public static ConstantTerm For(LiteralNode literal, ColumnType type, string path) =>
        TryConvert(literal, type, out var term) ? term : throw QueryProblems.WrongType(path, $"'{path}' is compared with {Describe(literal)} (character {literal.Position}), but it is {Expected(type)}.");

    /// <summary>The constant alone, for a comparison of two constants.</summary>
    public static ConstantTerm Natural(LiteralNode literal) => literal.Kind switch
    {
        LiteralKind.Null => new ConstantTerm(null, ColumnType.Text),
        LiteralKind.Boolean => new ConstantTerm(literal.Value, ColumnType.Boolean),
        LiteralKind.Text => new ConstantTerm(literal.Value, ColumnType.Text),
        LiteralKind.Number => Number(literal.Value!),
        LiteralKind.Date => new ConstantTerm(literal.Value, ColumnType.Date),
        LiteralKind.DateTime => new ConstantTerm(literal.Value, ColumnType.Timestamp),
        LiteralKind.Time => new ConstantTerm(literal.Value, ColumnType.Time),
        LiteralKind.Uuid => new ConstantTerm(literal.Value, ColumnType.Uuid),
        _ => throw QueryProblems.WrongType("the constant", $"A duration (character {literal.Position}) can only be added to a date or an instant, or subtracted from it."),
    };

    /// <summary>As in OData: 5 is a whole number, 5.0 is none.</summary>
    private static ConstantTerm Number(object value) => value switch
    {
        decimal { Scale: 0 } number when number is >= long.MinValue and <= long.MaxValue => new ConstantTerm((long)number, ColumnType.Integer),
        decimal => new ConstantTerm(value, ColumnType.Decimal),
        _ => new ConstantTerm(value, ColumnType.Float),
    };

    private static bool TryConvert(LiteralNode literal, ColumnType type, [NotNullWhen(true)] out ConstantTerm? term)
    {
        term = (type, literal.Value) switch
        {
            (_, null) => new ConstantTerm(null, type),
            (ColumnType.Text, string text) => new ConstantTerm(text, type),
            // A whole-number column is compared with 2.5 as numbers are: no row equals it, some are greater.
            (ColumnType.Integer, decimal number) => decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue
                ? new ConstantTerm((long)number, type)
                : new ConstantTerm(number, ColumnType.Decimal),
            (ColumnType.Decimal, decimal number) => new ConstantTerm(number, type),
            (ColumnType.Float, decimal number) => new ConstantTerm((double)number, type),
            (ColumnType.Float, double number) => new ConstantTerm(number, type),
            (ColumnType.Boolean, bool truth) => new ConstantTerm(truth, type),
            (ColumnType.Date, DateOnly date) => new ConstantTerm(date, type),
            (ColumnType.Timestamp, DateTime instant) => new ConstantTerm(instant, type),
            (ColumnType.Timestamp, DateOnly date) => new ConstantTerm(date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), type),
            (ColumnType.Time, TimeOnly time) => new ConstantTerm(time, type),
            (ColumnType.Uuid, Guid id) => new ConstantTerm(id, type),
            (ColumnType.Uuid, string text) when Guid.TryParseExact(text, "D", out var id) => new ConstantTerm(id, type),
            _ => null,
        };
        return term is not null;
    }

    private static string Describe(LiteralNode literal) => literal.Kind switch
    {
        LiteralKind.Text => "a text",
        LiteralKind.Boolean => "true or false",
        LiteralKind.Number => string.Create(CultureInfo.InvariantCulture, $"the number {literal.Value}"),
        LiteralKind.Date => "a date",
        LiteralKind.DateTime => "a date and time",
        LiteralKind.Time => "a time of day",
        LiteralKind.Uuid => "a UUID",
        LiteralKind.Duration => "a duration",
        _ => "null",
    };

    /// <summary>What a value of that type looks like in a query.</summary>
    public static string Expected(ColumnType type) => type switch
    {
        ColumnType.Text => "a text, written 'in quotes'",
        ColumnType.Integer => "a whole number",
        ColumnType.Decimal or ColumnType.Float => "a number",
        ColumnType.Boolean => "true or false",
        ColumnType.Date => "a date, written 2026-11-22 without quotes",
        ColumnType.Timestamp => "a date and time, written 2026-11-22T10:00:00Z without quotes",
        ColumnType.Time => "a time of day, written 10:30:00 without quotes",
        ColumnType.Uuid => "a UUID",
        ColumnType.Json => "JSON, which can only be compared with null",
        _ => "a list, which can only be compared with null",
    };
}
