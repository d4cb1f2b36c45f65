using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Writes;

/// <summary>Orders with a recycle bin, and what hangs on them in every way.</summary>
internal static class OrderPackage
{
    public static PackageFiles Files() => new PackageBuilder("orders")
        .EntityJson("""
            { "name": "order", "plural": "orders", "primary": "title", "ownership": "user", "features": ["recycleBin", "audit"], "fields": [
              { "name": "title", "type": "text", "required": true },
              { "name": "code", "type": "text", "unique": true },
              { "name": "paper", "type": "file" },
              { "name": "lines", "type": "children", "entity": "line", "via": "order" },
              { "name": "total", "type": "decimal", "scale": 2, "rollup": { "entity": "line", "via": "order", "aggregate": "sum", "field": "amount" } } ] }
            """)
        .EntityJson("""
            { "name": "line", "plural": "lines", "primary": "name", "features": ["recycleBin"], "fields": [
              { "name": "name", "type": "text", "required": true },
              { "name": "amount", "type": "decimal", "scale": 2 },
              { "name": "order", "type": "lookup", "target": "order", "required": true, "onDelete": "cascade" } ] }
            """)
        .EntityJson("""
            { "name": "note", "plural": "notes", "primary": "name", "features": ["recycleBin"], "fields": [
              { "name": "name", "type": "text" }, { "name": "order", "type": "lookup", "target": "order" } ] }
            """)
        .EntityJson("""
            { "name": "bill", "plural": "bills", "primary": "name", "features": ["recycleBin"], "fields": [
              { "name": "name", "type": "text" }, { "name": "order", "type": "lookup", "target": "order", "required": true, "onDelete": "restrict" } ] }
            """)
        .EntityJson("""{ "name": "tag", "plural": "tags", "primary": "name", "fields": [ { "name": "name", "type": "text" } ] }""")
        .File("roles/clerk.json", """{ "name": "clerk", "entities": { "order": { "create": "own", "read": "own", "update": "own", "delete": "own" } } }""")
        .File("roles/reader.json", """{ "name": "reader", "entities": { "*": { "read": "organisation" } } }""")
        .Files();
}
