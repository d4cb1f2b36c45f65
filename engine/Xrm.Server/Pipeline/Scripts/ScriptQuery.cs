using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>Understands the options of a script's query: <c>{ where: { status: 'open', 'account.industry': ['tech'], value: { gt: 100 } }, orderBy: 'value desc', limit: 10 }</c>.</summary>
/// <param name="entity">Entity of the records asked for.</param>
/// <param name="caller">With whose rights.</param>
internal sealed class ScriptQuery(Entity entity, Caller caller)
{
    private const int UsualLimit = 100;
    private const int MostRows = 1_000;
    /// <summary>Deep trees of conditions would exhaust the stack of who plans and runs them.</summary>
    private const int MostConditions = 500;
    private const int MostListed = 5_000;
    private const int MostNames = 8;
    private int _conditions;
    private int _listed;

    /// <summary>Every value that the caller may see.</summary>
    public DataQuery All => new() { Select = [.. entity.Fields.Where(caller.CanReadField).SelectMany(one => one.Columns).Select(column => new NameNode(column.Name, 1))] };

    /// <summary>The query.</summary>
    /// <param name="options">JSON object; undefined for all records.</param>
    /// <exception cref="XrmException">422 <c>rule_query</c>: an option is not understood.</exception>
    public DataQuery Read(JsonElement options)
    {
        var query = All with { IsWhole = true, Top = UsualLimit };
        if (options.ValueKind == JsonValueKind.Undefined) return query;
        foreach (var option in options.EnumerateObject())
            query = option.Name switch
            {
                "where" => query with { Filter = Every(option.Value) },
                "orderBy" => query with { OrderBy = Order(option.Value) },
                "limit" => query with { Top = Limit(option.Value) },
                _ => throw Wrong($"There is no option {option.Name}. There are where, orderBy and limit."),
            };
        return query;
    }

    private static int Limit(JsonElement limit) =>
        limit.ValueKind == JsonValueKind.Number && limit.TryGetInt32(out var most) && most is >= 1 and <= MostRows ? most : throw Wrong($"limit must be a number from 1 to {MostRows}.");

    private ImmutableArray<OrderItem> Order(JsonElement order)
    {
        var steps = order.ValueKind == JsonValueKind.Array ? order.EnumerateArray().ToArray() : [order];
        return [.. steps.Select(step => step.ValueKind == JsonValueKind.String ? Step(step.GetString()!) : throw Wrong("orderBy must be a text such as 'name' or 'value desc', or a list of them."))];
    }

    private OrderItem Step(string step) => step.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
    {
        [var name] => new OrderItem(Path(name).Node, Descending: false),
        [var name, "asc"] => new OrderItem(Path(name).Node, Descending: false),
        [var name, "desc"] => new OrderItem(Path(name).Node, Descending: true),
        _ => throw Wrong($"orderBy '{step}' is not understood: write a field, and desc behind it for the largest first."),
    };

    /// <summary>All that stands in an object must hold.</summary>
    private QueryNode? Every(JsonElement where)
    {
        if (where.ValueKind != JsonValueKind.Object) throw Wrong("where must be an object: fields with the values that they must have.");
        return Joined(BinaryOperator.And, where.EnumerateObject().Select(part => part.Name == "or" ? Any(part.Value) : Field(part.Name, part.Value)));
    }

    private QueryNode? Any(JsonElement choices) => choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0
        ? Joined(BinaryOperator.Or, choices.EnumerateArray().Select(choice => Every(choice) ?? throw Wrong("A choice of 'or' is empty.")))
        : throw Wrong("or must be a list of objects like where, of which one must hold.");

    private static QueryNode? Joined(BinaryOperator how, IEnumerable<QueryNode?> parts) =>
        parts.OfType<QueryNode>().Aggregate((QueryNode?)null, (left, right) => left is null ? right : new BinaryNode(how, left, right, 1));

    private QueryNode? Field(string name, JsonElement wanted)
    {
        var (path, type) = Path(name);
        return wanted.ValueKind switch
        {
            JsonValueKind.Object => Joined(BinaryOperator.And, wanted.EnumerateObject().Select(part => Compare(path, type, part.Name, part.Value))),
            JsonValueKind.Array => Among(path, type, wanted),
            _ => new BinaryNode(BinaryOperator.Equal, path, Literal(wanted, type, name), 1),
        };
    }

    private QueryNode Among(PathNode path, ColumnType type, JsonElement items)
    {
        if ((_listed += items.GetArrayLength()) > MostListed) throw Wrong($"The lists of a query may have {MostListed} values together. Ask for what the values have in common, or in several queries.");
        return items.GetArrayLength() > 0
            ? new InNode(path, [.. items.EnumerateArray().Select(item => Literal(item, type, path.ToString()))], 1)
            : new LiteralNode(LiteralKind.Boolean, false, 1);
    }

    private void Count()
    {
        if (++_conditions > MostConditions) throw Wrong($"A query may have {MostConditions} conditions. Write the values that one field can have as a list: {{ status: ['open', 'done'] }}.");
    }

    private QueryNode Compare(PathNode path, ColumnType type, string how, JsonElement value)
    {
        Count();
        return Compared(path, type, how, value);
    }

    private QueryNode Compared(PathNode path, ColumnType type, string how, JsonElement value) => how switch
    {
        "eq" => new BinaryNode(BinaryOperator.Equal, path, Literal(value, type, path.ToString()), 1),
        "ne" => new BinaryNode(BinaryOperator.NotEqual, path, Literal(value, type, path.ToString()), 1),
        "gt" => new BinaryNode(BinaryOperator.Greater, path, Literal(value, type, path.ToString()), 1),
        "ge" => new BinaryNode(BinaryOperator.GreaterOrEqual, path, Literal(value, type, path.ToString()), 1),
        "lt" => new BinaryNode(BinaryOperator.Less, path, Literal(value, type, path.ToString()), 1),
        "le" => new BinaryNode(BinaryOperator.LessOrEqual, path, Literal(value, type, path.ToString()), 1),
        "in" when value.ValueKind == JsonValueKind.Array => Among(path, type, value),
        "contains" => Text(QueryFunction.Contains, path, value),
        "startsWith" => Text(QueryFunction.StartsWith, path, value),
        "endsWith" => Text(QueryFunction.EndsWith, path, value),
        _ => throw Wrong($"{path}: '{how}' is not understood. There are eq, ne, gt, ge, lt, le, in, contains, startsWith and endsWith."),
    };

    private static CallNode Text(QueryFunction function, PathNode path, JsonElement value) =>
        new(function, [path, Literal(value, ColumnType.Text, path.ToString())], 1);

    /// <summary>The property that scripts call so: <c>account</c> is the id, <c>account.industry</c> a value of the record that it points to.</summary>
    private (PathNode Node, ColumnType Type) Path(string written)
    {
        Count();
        var names = written.Split('.');
        if (names.Length > MostNames) throw Wrong($"'{written[..Math.Min(written.Length, 100)]}…' leads through more than {MostNames - 1} lookups.");
        var at = entity;
        foreach (var name in names[..^1])
            at = at.FindField(name) is { IsLookup: true, IsPolymorphic: false, Targets: [var target, ..] } ? target : throw Wrong($"{at.Name} has no lookup {name} to go through ('{written}').{Near(at, name)}");
        var column = at.FindField(names[^1])?.Column ?? at.FindColumn(names[^1])?.Column ?? throw Wrong($"{at.Name} has no field {names[^1]} to compare ('{written}').{Near(at, names[^1])}");
        return (new PathNode([.. names[..^1], column.Name], 1), column.Type);
    }

    private static string Near(Entity at, string name) => Names.Nearest(name, at.Fields.Select(one => one.Name)) is { } near ? $" Did you mean {near}?" : "";

    private static LiteralNode Literal(JsonElement value, ColumnType type, string name) => value.ValueKind switch
    {
        JsonValueKind.Null => new LiteralNode(LiteralKind.Null, null, 1),
        JsonValueKind.True or JsonValueKind.False => new LiteralNode(LiteralKind.Boolean, value.GetBoolean(), 1),
        JsonValueKind.Number => new LiteralNode(LiteralKind.Number, value.TryGetDecimal(out var number) ? number : value.GetDouble(), 1),
        JsonValueKind.String => Literal(value.GetString()!, type) ?? throw Wrong($"{name}: '{value}' is no value that it can have."),
        _ => throw Wrong($"{name} can be compared with a text, a number, true, false or null."),
    };

    private static LiteralNode? Literal(string text, ColumnType type)
    {
        var invariant = CultureInfo.InvariantCulture;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return type switch
        {
            ColumnType.Uuid => Guid.TryParse(text, out var id) ? new LiteralNode(LiteralKind.Uuid, id, 1) : null,
            ColumnType.Date => DateTime.TryParse(text, invariant, utc, out var day) ? new LiteralNode(LiteralKind.Date, DateOnly.FromDateTime(day), 1) : null,
            ColumnType.Timestamp => DateTime.TryParse(text, invariant, utc, out var instant) ? new LiteralNode(LiteralKind.DateTime, instant, 1) : null,
            ColumnType.Time => TimeOnly.TryParse(text, invariant, out var time) ? new LiteralNode(LiteralKind.Time, time, 1) : null,
            // Whole numbers beyond 2^53 are texts in scripts.
            ColumnType.Integer or ColumnType.Decimal or ColumnType.Float => decimal.TryParse(text, NumberStyles.Float, invariant, out var number) ? new LiteralNode(LiteralKind.Number, number, 1) : null,
            _ => new LiteralNode(LiteralKind.Text, text, 1),
        };
    }

    private static XrmException Wrong(string message) => new("rule_query", 422, message);
}
