using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Queries;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Queries;

/// <summary>A small model with one of everything that queries reach, and people with different rights.</summary>
internal static class QueryModel
{
    public static readonly Guid Anna = new("00000000-0000-7000-8000-00000000000a");
    public static readonly DateTime Now = new(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc);

    public static PublishedModel Published => s_package.Published;

    public static PackageFiles Files => s_package.Files;

    /// <summary>Anna with the roles named.</summary>
    public static Caller Person(params string[] roles) => new(Anna, "anna", "Anna", [.. roles], isAdministrator: false, Published.Model);

    public static QueryContext Context(Caller caller) => new(Published, caller, Now);

    private static readonly (PackageFiles Files, PublishedModel Published) s_package = Build(new PackageBuilder("queries")
        .File("entities/account.json", """
            { "name": "account", "plural": "accounts", "primary": "name", "features": ["search"], "defaultSort": [{ "field": "name" }], "fields": [
              { "name": "name", "type": "text", "required": true, "search": true },
              { "name": "email", "type": "email" },
              { "name": "industry", "type": "choice", "options": [{ "value": "tech" }, { "value": "trade" }] },
              { "name": "active", "type": "boolean" },
              { "name": "score", "type": "float" },
              { "name": "holding", "type": "parent" } ] }
            """)
        .File("entities/contract.json", """
            { "name": "contract", "plural": "contracts", "primary": "title", "ownership": "user", "features": ["recycleBin"], "fields": [
              { "name": "number", "type": "autonumber", "format": "C-{00000}", "unique": true },
              { "name": "title", "type": "text", "required": true },
              { "name": "status", "type": "choice", "options": [{ "value": "draft" }, { "value": "active" }] },
              { "name": "account", "type": "lookup", "target": "account", "inverse": { "name": "contracts" } },
              { "name": "regarding", "type": "lookup", "targets": ["account", "asset"] },
              { "name": "value", "type": "decimal", "precision": 12, "scale": 2 },
              { "name": "months", "type": "integer" },
              { "name": "starts_on", "type": "date" },
              { "name": "ends_on", "type": "date", "formula": "addMonths(starts_on, months)" },
              { "name": "industry", "type": "text", "formula": "account.industry" },
              { "name": "signed_at", "type": "datetime" },
              { "name": "opens", "type": "time" },
              { "name": "labels", "type": "tags" },
              { "name": "extra", "type": "json" },
              { "name": "penalty", "type": "decimal", "access": { "read": ["legal"], "write": ["legal"] } },
              { "name": "lines", "type": "children", "entity": "contract_line", "via": "contract" },
              { "name": "topics", "type": "links", "target": "topic", "inverse": { "name": "contracts" } } ] }
            """)
        .File("entities/contract_line.json", """
            { "name": "contract_line", "plural": "contract_lines", "primary": "product", "fields": [
              { "name": "product", "type": "text", "required": true },
              { "name": "amount", "type": "decimal", "scale": 2 },
              { "name": "delivered_at", "type": "datetime" },
              { "name": "asset", "type": "lookup", "target": "asset" },
              { "name": "contract", "type": "lookup", "target": "contract", "required": true, "onDelete": "cascade" } ] }
            """)
        .File("entities/asset.json", """{ "name": "asset", "plural": "assets", "primary": "code", "fields": [{ "name": "code", "type": "text", "required": true }] }""")
        .File("entities/topic.json", """{ "name": "topic", "plural": "topics", "primary": "name", "fields": [{ "name": "name", "type": "text", "required": true }] }""")
        .File("views/contract.tech.json", """
            { "name": "contract.tech", "entity": "contract", "columns": ["title", "account.name"], "filter": "account.industry == 'tech' && months > 6",
              "sort": [{ "field": "account.name", "descending": true }] }
            """)
        .File("roles/reader.json", """{ "name": "reader", "entities": { "*": { "read": "organisation", "export": "organisation" } } }""")
        .File("roles/legal.json", """{ "name": "legal", "entities": { "*": { "read": "organisation" } } }""")
        .File("roles/clerk_and_accounts.json", """{ "name": "clerk_and_accounts", "entities": { "contract": { "read": "own" }, "account": { "read": "organisation" } } }""")
        .File("roles/editor.json", """{ "name": "editor", "entities": { "contract": { "create": "own", "read": "own", "update": "own", "delete": "own" }, "account": { "read": "organisation" } } }""")
        .File("roles/planner.json", """{ "name": "planner", "entities": { "contract": { "create": "own" }, "contract_line": { "create": "organisation" } } }""")
        .File("roles/clerk.json", """{ "name": "clerk", "entities": { "contract": { "read": "own", "export": "own" }, "contract_line": { "read": "organisation" }, "topic": { "read": "own" } } }"""));

    private static (PackageFiles, PublishedModel) Build(PackageBuilder package) => (package.Files(), package.Publish());
}
