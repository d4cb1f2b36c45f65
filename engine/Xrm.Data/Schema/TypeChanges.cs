using Xrm.Data.Sql;

namespace Xrm.Data.Schema;

/// <summary>Which types can become which without a loss.</summary>
internal static class TypeChanges
{
    /// <summary>How to change a column's type; null where values could be lost in ways that nobody can check.</summary>
    /// <param name="from">Type as it is.</param>
    /// <param name="to">Type as it is wanted.</param>
    /// <param name="column">Name of the column, for the expressions.</param>
    public static TypeChange? Find(string from, string to, string column)
    {
        var name = SqlName.Quote(column);
        if (SchemaType.Digits(to) is { } wanted) return ToNumeric(from, wanted, name);
        return (from, to) switch
        {
            (SchemaType.Text, "text") or ("text", SchemaType.Text) => new(name, IsWidening: true),
            ("bigint" or "boolean" or "uuid" or "date" or "time without time zone" or "double precision", SchemaType.Text) => new($"{name}::text"),
            (_, SchemaType.Text) when from.StartsWith("numeric", StringComparison.Ordinal) => new($"{name}::text"),
            ("bigint", "double precision") => new($"{name}::double precision", Offenders: $"abs({name}) > 9007199254740992"),
            (_, "bigint") when from.StartsWith("numeric", StringComparison.Ordinal) =>
                new($"{name}::bigint", Offenders: $"{name} <> trunc({name}) or abs({name}) > 9223372036854775807"),
            ("date", "timestamp with time zone") => new($"{name}::timestamp at time zone 'UTC'"),
            (SchemaType.Text, "text[]") => new($"case when {name} is not null then array[{name}::text] end"),
            ("bigint", "bigint[]") => new($"case when {name} is not null then array[{name}] end"),
            ("text[]", SchemaType.Text) => new($"{name}[1]", Offenders: $"cardinality({name}) > 1"),
            ("bigint[]", "bigint") => new($"{name}[1]", Offenders: $"cardinality({name}) > 1"),
            ("uuid", "uuid[]") => new($"case when {name} is not null then array[{name}] end"),
            _ => null,
        };
    }

    private static TypeChange? ToNumeric(string from, (int Precision, int Scale) to, string name)
    {
        var cast = $"{name}::numeric({to.Precision},{to.Scale})";
        var room = to.Precision - to.Scale;
        if (from == "bigint") return room >= 19 ? new(cast) : new(cast, Offenders: $"abs({name}) >= 1e{room}");
        if (SchemaType.Digits(from) is not { } had) return from == "numeric" ? Checked() : null;
        if (to.Scale >= had.Scale && room >= had.Precision - had.Scale) return new(cast, IsWidening: true);
        return Checked();

        TypeChange Checked() => new(cast, Offenders: $"round({name}, {to.Scale}) <> {name} or abs({name}) >= 1e{room}");
    }
}

/// <summary>A change of type.</summary>
/// <param name="Expression">The new value.</param>
/// <param name="IsWidening">Every value fits, by its type.</param>
/// <param name="Offenders">Condition of rows whose value would be lost; null where there can be none.</param>
internal sealed record TypeChange(string Expression, bool IsWidening = false, string? Offenders = null);
