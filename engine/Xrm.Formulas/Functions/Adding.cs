using Xrm.Formulas.Typing;

namespace Xrm.Formulas.Functions;

/// <summary>One of the functions that add to a date. The sum is taken only where it fits: no stored number can make a query fail.</summary>
/// <param name="Name">Name of the function.</param>
/// <param name="Unit">What is added.</param>
/// <param name="Summary">What it gives.</param>
/// <param name="Add">Adds in memory.</param>
internal sealed record Adding(string Name, string Unit, string Summary, Func<DateTime, int, DateTime?> Add)
{
    /// <summary>More than this, in any unit, leaves the calendar from every date.</summary>
    private const decimal Limit = 4_000_000;

    public required string DateFits { get; init; }

    public required string DateSum { get; init; }

    public required string InstantFits { get; init; }

    public required string InstantSum { get; init; }

    public IEnumerable<Function> Functions() =>
    [
        new($"{Name}(date, {Unit})", Summary)
        {
            Parameters = [Kinds.Date, Kinds.Number], Result = FormulaType.Date, Sql = $"(case when {DateFits} then {DateSum} end)",
            Value = (given, _) => Sum(((DateOnly)given[0]!).ToDateTime(default), (decimal)given[1]!) is { } sum ? DateOnly.FromDateTime(sum) : null,
        },
        new($"{Name}(date, {Unit})", Summary)
        {
            Parameters = [Kinds.DateTime, Kinds.Number], Result = FormulaType.DateTime, Sql = $"(case when {InstantFits} then {InstantSum} end)",
            Value = (given, _) => Sum((DateTime)given[0]!, (decimal)given[1]!),
        },
    ];

    private DateTime? Sum(DateTime date, decimal count) => Math.Abs(count) < Limit ? Add(date, (int)decimal.Truncate(count)) : null;
}
