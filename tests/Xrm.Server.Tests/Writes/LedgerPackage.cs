using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Writes;

/// <summary>Books of accounts of entries, with a rollup of every kind, stored and (as <c>live_…</c>) computed, and what these ought to be.</summary>
internal static class LedgerPackage
{
    public static PackageFiles Files() => new PackageBuilder("ledger")
        .EntityJson($$"""
            { "name": "book", "plural": "books", "primary": "title", "fields": [
              { "name": "title", "type": "text" },
              {{Over("account", "book", "accounts", "integer", "count")}},
              {{Over("account", "book", "grand", "decimal", "sum", "\"field\": \"twice\"", live: "\"field\": \"live_twice\"")}},
              {{Over("account", "book", "busiest", "text", "last", "\"field\": \"title\", \"orderBy\": \"entries\"", live: "\"field\": \"title\", \"orderBy\": \"live_entries\"")}} ] }
            """)
        .EntityJson($$"""
            { "name": "account", "plural": "accounts", "primary": "title", "features": ["recycleBin"], "fields": [
              { "name": "title", "type": "text" },
              { "name": "book", "type": "lookup", "target": "book" },
              { "name": "items", "type": "children", "entity": "entry", "via": "account" },
              { "name": "twice", "type": "decimal", "formula": "total * 2" },
              { "name": "live_twice", "type": "decimal", "formula": "live_total * 2" },
              {{Over("entry", "account", "entries", "integer", "count")}},
              {{Over("entry", "account", "open_entries", "integer", "count", "\"where\": \"open\"")}},
              {{Over("entry", "account", "total", "decimal", "sum", "\"field\": \"amount\"")}},
              {{Over("entry", "account", "least", "decimal", "min", "\"field\": \"amount\"")}},
              {{Over("entry", "account", "latest", "date", "max", "\"field\": \"day\"")}},
              {{Over("entry", "account", "mean", "decimal", "avg", "\"field\": \"amount\"", ", \"scale\": 6")}},
              {{Over("entry", "account", "lowest_name", "text", "min", "\"field\": \"name\"")}},
              {{Over("entry", "account", "first_note", "text", "first", "\"field\": \"note\"")}},
              {{Over("entry", "account", "last_note", "text", "last", "\"field\": \"note\", \"orderBy\": \"day\"")}},
              {{Over("entry", "account", "last_open", "boolean", "last", "\"field\": \"open\", \"orderBy\": \"name\"")}},
              {{Over("entry", "account", "first_day", "date", "first", "\"field\": \"day\", \"orderBy\": \"amount\", \"where\": \"open\"")}},
              {{Over("entry", "account", "first_fee", "money", "first", "\"field\": \"fee\", \"orderBy\": \"amount\"")}},
              {{Over("entry", "account", "worth", "money", "sum", "\"field\": \"amount\"", ", \"currency\": \"EUR\"")}},
              {{Over("entry", "account", "fees", "money", "sum", "\"field\": \"fee\"")}},
              {{Over("entry", "account", "names", "text", "concat", "\"field\": \"name\", \"orderBy\": \"amount\", \"separator\": \" / \"", ", \"maxLength\": 30")}},
              {{Over("entry", "account", "notes", "multiline", "concat", "\"field\": \"note\", \"where\": \"open\"")}} ] }
            """)
        .EntityJson("""
            { "name": "entry", "plural": "entries", "primary": "name", "features": ["recycleBin"], "fields": [
              { "name": "account", "type": "lookup", "target": "account" },
              { "name": "name", "type": "text", "required": true },
              { "name": "note", "type": "text" },
              { "name": "amount", "type": "decimal", "scale": 2 },
              { "name": "fee", "type": "money" },
              { "name": "day", "type": "date" },
              { "name": "open", "type": "boolean" } ] }
            """)
        .Files();

    /// <summary>The rollups of an account, each with what it ought to be: an aggregate over its entries <c>e</c>, put together in another way than by the engine.</summary>
    public static readonly (string Field, string Value)[] OfAccounts =
    [
        ("entries", "count(e.id)"),
        ("open_entries", "count(e.id) filter (where e.open)"),
        ("total", "coalesce(sum(e.amount), 0)"),
        ("twice", "coalesce(sum(e.amount), 0) * 2"),
        ("least", "min(e.amount)"),
        ("latest", "max(e.day)"),
        ("mean", "round(avg(e.amount), 6)"),
        ("lowest_name", Nth("name", "e.name collate \"und-x-icu\"")),
        ("first_note", Nth("note", "e.created_at, e.id")),
        ("last_note", Nth("note", "e.day is null, e.day desc, e.id desc")),
        ("last_open", Nth("open", "e.name collate \"und-x-icu\" desc, e.id desc")),
        ("first_day", Nth("day", "e.amount is null, e.amount, e.id", " and e.open")),
        ("first_fee", Nth("fee", "e.amount is null, e.amount, e.id")),
        ("first_fee_currency", Nth("fee_currency", "e.amount is null, e.amount, e.id")),
        ("worth", "coalesce(sum(e.amount), 0)"),
        ("worth_currency", "'EUR'"),
        ("fees", "coalesce(sum(e.fee), 0)"),
        ("fees_currency", "min(e.fee_currency)"),
        ("names", Cut("string_agg(e.name, ' / ' order by e.amount is null, e.amount, e.id)")),
        ("notes", "string_agg(e.note, ', ' order by e.created_at, e.id) filter (where e.open)"),
    ];

    /// <summary>The rollups of a book, likewise over its accounts <c>e</c>.</summary>
    public static readonly (string Field, string Value)[] OfBooks =
    [
        ("accounts", "count(e.id)"), ("grand", "coalesce(sum(e.twice), 0)"), ("busiest", Nth("title", "e.entries desc, e.id desc")),
    ];

    private static string Nth(string field, string order, string where = "") => $"(array_agg(e.{field} order by {order}) filter (where e.id is not null{where}))[1]";

    private static string Cut(string text) => $"case when length({text}) > 30 then left({text}, 29) || '…' else {text} end";

    private static string Over(string entity, string via, string name, string type, string aggregate, string more = "", string settings = "", string? live = null)
    {
        return $"{Field(name, more)}, {Field("live_" + name, $"{live ?? more}{((live ?? more).Length > 0 ? ", " : "")}\"stored\": false")}";

        string Field(string name, string more) =>
            $$"""{ "name": "{{name}}", "type": "{{type}}"{{settings}}, "rollup": { "entity": "{{entity}}", "via": "{{via}}", "aggregate": "{{aggregate}}"{{(more.Length > 0 ? ", " : "")}}{{more}} } }""";
    }
}
