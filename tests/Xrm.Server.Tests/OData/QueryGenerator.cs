namespace Xrm.Server.Tests.OData;

/// <summary>Writes conditions about contracts: right ones, of the types that OData asks for, and the same with a mistake.</summary>
internal sealed class QueryGenerator(Random random)
{
    private static readonly string[] Noise = ["(", ")", ",", "/", "'", "eq", "and", "not", "any", "all", "x", "null", "1", "-", ":", "in", "add", "$count", "$it", "2026-01-01", "''", "title", "lines", "*", "=", "has ", "true"];

    private int _variables;

    /// <summary>A condition that means something.</summary>
    public string Condition(int depth = 3)
    {
        if (depth == 0) return Comparison(0);
        return random.Next(9) switch
        {
            0 => $"{Condition(depth - 1)} and {Condition(depth - 1)}",
            1 => $"{Condition(depth - 1)} or {Condition(depth - 1)}",
            2 => $"not ({Condition(depth - 1)})",
            3 => $"({Condition(depth - 1)})",
            4 => $"{Pick("contains", "startswith", "endswith")}({Text(depth - 1)},{Text(depth - 1)})",
            5 => Lambda(depth - 1),
            6 => $"{Text(depth - 1)} in ('a','b c','O''Neil')",
            _ => Comparison(depth - 1),
        };
    }

    /// <summary>The text with a part taken away, doubled, moved or put in.</summary>
    public string Mutate(string text)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(1, 6), text.Length - at);
        return random.Next(5) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, text.Substring(at, length)),
            2 => text.Insert(at, Noise[random.Next(Noise.Length)]),
            3 => text.Insert(at, $" {Noise[random.Next(Noise.Length)]} "),
            _ => text[..at],
        };
    }

    private string Comparison(int depth) => random.Next(7) switch
    {
        0 => $"{Number(depth)} {Operator()} {Number(depth)}",
        1 => $"{Text(depth)} {Operator()} {Text(depth)}",
        2 => $"starts_on {Operator()} 2026-0{random.Next(1, 10)}-1{random.Next(10)}",
        3 => $"{Instant()} {Operator()} {Instant()}",
        4 => $"{Pick("title", "months", "starts_on", "account_id", "opens", "account/name", "account/holding/score")} {Pick("eq", "ne")} null",
        5 => $"{Pick("id", "account_id", "account/id")} {Pick("eq", "ne")} 01234567-89ab-7def-8123-456789abcdef",
        _ => $"{Pick("opens", "time(signed_at)")} {Operator()} 0{random.Next(10)}:30:00",
    };

    private string Lambda(int depth)
    {
        var x = $"x{_variables++}";
        return random.Next(5) switch
        {
            0 => "lines/any()",
            1 => $"lines/{Pick("any", "all")}({x}: {x}/amount {Operator()} {Number(depth)} and {x}/asset/code ne {Text(depth)})",
            2 => $"labels/{Pick("any", "all")}({x}:{x} eq {Text(depth)})",
            3 => $"topics/any({x}: contains({x}/name,{Text(depth)}) or {x}/contracts/all({x}y: {x}y/title eq {x}/name))",
            _ => $"{Pick("lines", "topics", "labels")}/$count {Operator()} {random.Next(5)}",
        };
    }

    /// <summary>A number.</summary>
    public string Number(int depth)
    {
        if (depth <= 0) return Pick("months", "value", "1", "-2", "0", "12", "12.5");
        return random.Next(8) switch
        {
            0 => $"({Number(depth - 1)} {Pick("add", "sub", "mul", "div", "mod")} {Number(depth - 1)})",
            1 => $"{Number(depth - 1)} {Pick("add", "sub", "mul", "div", "mod")} {Number(depth - 1)}",
            2 => $"-({Number(depth - 1)})",
            3 => $"{Pick("round", "floor", "ceiling")}(value)",
            4 => random.Next(2) == 0 ? $"length({Text(depth - 1)})" : $"indexof({Text(depth - 1)},{Text(depth - 1)})",
            5 => $"{Pick("year", "month", "day")}({Pick("starts_on", "signed_at", "now()")})",
            6 => $"{Pick("hour", "minute", "second")}({Pick("opens", "signed_at")})",
            _ => Number(0),
        };
    }

    /// <summary>A text.</summary>
    public string Text(int depth)
    {
        if (depth <= 0) return Pick("title", "status", "account/name", "$it/title", "'x'", "''", "'O''Neil'", "'日本 🏢'");
        return random.Next(6) switch
        {
            0 => $"{Pick("tolower", "toupper", "trim")}({Text(depth - 1)})",
            1 => $"concat({Text(depth - 1)},{Text(depth - 1)})",
            2 => $"substring({Text(depth - 1)},{random.Next(5)})",
            3 => $"substring({Text(depth - 1)},{random.Next(5)},{random.Next(5)})",
            _ => Text(0),
        };
    }

    private string Instant() => Pick("signed_at", "now()", "2026-01-01T10:00:00Z", "2026-01-01T10:00:00.5%2B02:00", "mindatetime()", "maxdatetime()", "created_at").Replace("%2B", "+", StringComparison.Ordinal);

    private string Operator() => Pick("eq", "ne", "gt", "ge", "lt", "le");

    /// <summary>One of some texts.</summary>
    public string Pick(params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
