using Xrm.Metadata;

namespace Xrm.Formulas.Tests.Vectors;

/// <summary>
/// Formulas put together at random from all that the language has: what nobody thought of. The same ones each time.
/// Numbers stay below 16 digits before the point: of longer ones it is known that PostgreSQL alone calculates with them.
/// </summary>
internal sealed class RandomFormulas
{
    private static readonly string[] Texts = ["title", "note", "code", "status", "account.name", "account.industry", "user.name", "value_currency", "partner.industry"];
    private static readonly string[] Constants = ["''", "' '", "'a'", "'ß'", "'İ'", "'\u00e9'", "'\U0001F469'", "'Σ'", "'-1.50'", "'I'", "'i\u0307'", "'0.5'"];
    private static readonly string[] Counts = ["0", "1", "-1", "2.9", "-0.5", "quantity % 5", "months % 400", "len(title)", "3", "level"];

    private static readonly (string Text, int Digits)[] Numbers =
    [
        ("rate", 5), ("fine", 3), ("quantity % 1000", 3), ("months", 3), ("ratio", 2), ("discount", 3), ("level", 1), ("value % 1000", 3), ("account.stars", 1), ("account.grade", 2), ("count(lines)", 1),
        ("0", 1), ("1", 1), ("3", 1), ("-2", 1), ("0.5", 1), ("-0.000000000001", 1), ("7.25", 1), ("1000000", 7), ("0.1", 1), ("partner.stars", 1),
    ];

    private readonly Random _random;

    private RandomFormulas(int seed) => _random = new Random(seed);

    /// <summary>So many formulas, each of which can be bound.</summary>
    public static IReadOnlyList<string> Take(int count, int seed = 20_240_331)
    {
        var source = new RandomFormulas(seed);
        return [.. Enumerable.Range(0, int.MaxValue).Select(_ => source.Any(4)).Where(text => text.Length < 400).Distinct().Where(IsFormula).Take(count)];
    }

    /// <summary>What is put together blindly can be nonsense, such as a constant that is no option.</summary>
    private static bool IsFormula(string text)
    {
        var problems = new List<Problem>();
        return Sample.Instance.Formulas.BindOne(text, Sample.Instance.Deal, Sample.Here, FormulaUse.Value, problems) is not null && problems.Count == 0;
    }

    private string Any(int depth) => _random.Next(7) switch
    {
        0 or 1 => Number(depth, 16),
        2 or 3 => Text(depth),
        4 => Date(depth),
        5 => Moment(depth),
        _ => Answer(depth),
    };

    /// <summary>A number of at most so many digits before the point.</summary>
    private string Number(int depth, int digits)
    {
        if (depth <= 0 || digits < 4) return Of(Numbers.Where(one => one.Digits <= digits).ToArray()).Text;
        var half = digits / 2;
        return _random.Next(20) switch
        {
            0 or 1 => $"({Number(depth - 1, digits - 1)} + {Number(depth - 1, digits - 1)})",
            2 or 3 => $"({Number(depth - 1, digits - 1)} - {Number(depth - 1, digits - 1)})",
            4 or 5 => $"({Number(depth - 1, half)} * {Number(depth - 1, half)})",
            6 or 7 when digits > 13 => $"({Number(depth - 1, digits - 12)} / {Number(depth - 1, half)})",
            8 => $"({Number(depth - 1, digits)} % {Number(depth - 1, digits)})",
            9 => $"round({Number(depth - 1, digits - 1)}, {_random.Next(-3, 13)})",
            10 => $"{Of("round", "floor", "ceil", "abs")}({Number(depth - 1, digits - 1)})",
            11 => $"{Of("min", "max")}({Number(depth - 1, digits)}, {Number(depth - 1, digits)}, {Number(0, digits)})",
            12 => $"len({Text(depth - 1)})",
            13 when digits >= 16 => $"number({Text(depth - 1)})",
            14 when digits >= 8 => $"{Of("diffDays", "diffMonths")}({Date(depth - 1)}, {Date(depth - 1)})",
            15 when digits >= 8 => $"diffDays({Moment(depth - 1)}, {Moment(depth - 1)})",
            16 => $"{Of("year", "month", "day", "weekday")}({(_random.Next(2) == 0 ? Date(depth - 1) : Moment(depth - 1))})",
            17 => $"-({Number(depth - 1, digits)})",
            18 => Choice(depth, () => Number(depth - 1, digits)),
            _ => Number(0, digits),
        };
    }

    private string Text(int depth)
    {
        if (depth <= 0) return _random.Next(3) == 0 ? Of(Constants) : Of(Texts);
        return _random.Next(14) switch
        {
            0 or 1 => $"{Of("upper", "lower", "trim")}({Text(depth - 1)})",
            2 => $"{Of("left", "right")}({Text(depth - 1)}, {Of(Counts)})",
            3 => $"replace({Text(depth - 1)}, {Text(0)}, {Text(0)})",
            4 => $"({Text(depth - 1)} + {Text(depth - 1)})",
            5 => $"concat({Any(depth - 1)}, {Text(depth - 1)}, {Any(0)})",
            6 => $"text({Any(depth - 1)})",
            7 => $"text({Of("opens", "account.id", "active", "starts_on", "seen_at", "fine", "ratio")})",
            8 => $"({Text(depth - 1)} + {Number(depth - 1, 16)})",
            9 => $"({Text(depth - 1)}).{Of("toUpperCase", "toLowerCase", "trim")}()",
            10 or 11 => Choice(depth, () => Text(depth - 1)),
            _ => Text(0),
        };
    }

    private string Date(int depth)
    {
        if (depth <= 0) return Of("starts_on", "ends_on", "account.since", "today()", "starts_on");
        return _random.Next(9) switch
        {
            0 or 1 => $"{Of("addDays", "addMonths", "addYears")}({Date(depth - 1)}, {Of(Counts)})",
            2 => $"{Of("addDays", "addMonths", "addYears")}({Date(depth - 1)}, {Number(depth - 1, 9)})",
            3 => $"{Of("startOfMonth", "endOfMonth")}({(_random.Next(3) == 0 ? Moment(depth - 1) : Date(depth - 1))})",
            4 => $"date({Moment(depth - 1)})",
            5 => $"{Of("min", "max")}({Date(depth - 1)}, {Date(depth - 1)})",
            6 => $"({Date(depth - 1)} {Of("+", "-")} {Of(Counts)})",
            7 => Choice(depth, () => Date(depth - 1)),
            _ => Date(0),
        };
    }

    private string Moment(int depth)
    {
        if (depth <= 0) return Of("seen_at", "due_at", "now()", "seen_at");
        return _random.Next(6) switch
        {
            0 or 1 => $"{Of("addDays", "addMonths", "addYears")}({Moment(depth - 1)}, {Of(Counts)})",
            2 => $"{Of("addDays", "addMonths", "addYears")}({Moment(depth - 1)}, {Number(depth - 1, 9)})",
            3 => $"{Of("min", "max")}({Moment(depth - 1)}, {Moment(depth - 1)})",
            4 => Choice(depth, () => Moment(depth - 1)),
            _ => Moment(0),
        };
    }

    private string Answer(int depth)
    {
        if (depth <= 0) return Of("active", "true", "false", "account.stars > 2", "is_late", "isEmpty(interests)");
        return _random.Next(15) switch
        {
            0 or 1 => $"({Number(depth - 1, 16)} {Comparison()} {Number(depth - 1, 16)})",
            2 or 3 => $"({Text(depth - 1)} {Of("==", "!=", "<", "<=", ">", ">=")} {Text(depth - 1).Replace("status", "title", StringComparison.Ordinal)})",
            4 => $"({Date(depth - 1)} {Comparison()} {Date(depth - 1)})",
            5 => $"({Moment(depth - 1)} {Comparison()} {Moment(depth - 1)})",
            6 => $"({Answer(depth - 1)} {Of("&&", "||")} {Answer(depth - 1)})",
            7 => $"!({Any(depth - 1)})",
            8 => $"{Of("contains", "startsWith", "endsWith")}({Text(depth - 1)}, {Text(depth - 1)})",
            9 => $"isEmpty({Any(depth - 1)})",
            10 => $"[{Number(0, 16)}, {Number(0, 16)}].includes({Number(depth - 1, 16)})",
            11 => $"labels.includes({Text(depth - 1)})",
            12 => $"({Any(depth - 1)} {Of("==", "!=")} null)",
            13 => $"!!({Any(depth - 1)} {Of("&&", "||")} {Any(depth - 1)})",
            _ => Choice(depth, () => Answer(depth - 1)),
        };
    }

    private string Choice(int depth, Func<string> one) => _random.Next(4) switch
    {
        0 => $"({Any(depth - 1)} ? {one()} : {one()})",
        1 => $"if({Answer(depth - 1)}, {one()}, null)",
        2 => $"({one()} ?? {one()})",
        _ => $"coalesce({one()}, {one()}, {one()})",
    };

    private string Comparison() => Of("==", "!=", "<", "<=", ">", ">=");

    private T Of<T>(params T[] values) => values[_random.Next(values.Length)];
}
