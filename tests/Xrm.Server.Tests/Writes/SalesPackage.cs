using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Writes;

/// <summary>A small package that has one of everything that a save can meet.</summary>
internal static class SalesPackage
{
    public static PackageFiles Files() => Parts.Aggregate(new PackageBuilder("sales"), (package, part) => package.File(part.Path, part.Content)).Files();

    private static readonly (string Path, string Content)[] Parts =
    [
        ("entities/customer.json", """
            { "name": "customer", "plural": "customers", "primary": "name", "features": ["audit"],
              "fields": [
                { "name": "name", "type": "text", "required": true, "maxLength": 50, "unique": true },
                { "name": "terms", "type": "integer", "default": 30 },
                { "name": "above", "type": "parent" },
                { "name": "partners", "type": "links", "target": "customer", "inverse": { "name": "partner_of" } },
                { "name": "industry", "type": "choice", "options": [ { "value": "tech" }, { "value": "mining", "retired": true } ] },
                { "name": "branch", "type": "choice", "parent": "industry", "options": [ { "value": "software", "when": ["tech"] }, { "value": "coal", "when": ["mining"] } ] },
                { "name": "contact", "type": "person_name" },
                { "name": "volume", "type": "decimal", "precision": 18, "scale": 2, "rollup": { "entity": "sale", "via": "customer", "aggregate": "sum", "field": "gross" } },
                { "name": "sales", "type": "integer", "rollup": { "entity": "sale", "via": "customer", "aggregate": "count" } },
                { "name": "logo", "type": "file" },
                { "name": "papers", "type": "files" }
              ] }
            """),
        ("entities/sale.json", """
            { "name": "sale", "plural": "sales", "primary": "title", "ownership": "user", "features": ["audit", "recycleBin"],
              "fields": [
                { "name": "number", "type": "autonumber", "format": "S-{0000}", "unique": true },
                { "name": "title", "type": "text", "required": true, "maxLength": 100 },
                { "name": "status", "type": "choice", "default": "open", "options": [ { "value": "open" }, { "value": "won" }, { "value": "lost" } ] },
                { "name": "customer", "type": "lookup", "target": "customer", "required": true, "onDelete": "restrict", "inverse": { "name": "sales_made" } },
                { "name": "regarding", "type": "lookup", "targets": ["customer", "label"] },
                { "name": "terms", "type": "integer", "copyFrom": "customer.terms" },
                { "name": "starts_on", "type": "date", "default": { "formula": "today()" } },
                { "name": "days", "type": "integer", "min": 1 },
                { "name": "ends_on", "type": "date", "formula": "addDays(starts_on, days)" },
                { "name": "reason", "type": "text", "required": "status == 'lost'" },
                { "name": "hint", "type": "text", "readonly": true },
                { "name": "origin", "type": "text", "createOnly": true },
                { "name": "secret", "type": "text", "access": { "read": ["boss"], "write": ["boss"] } },
                { "name": "budget", "type": "money" },
                { "name": "lines", "type": "children", "entity": "line", "via": "sale" },
                { "name": "labels", "type": "links", "target": "label", "inverse": { "name": "labelled", "label": "Labelled sales" } },
                { "name": "net", "type": "decimal", "precision": 18, "scale": 2, "rollup": { "entity": "line", "via": "sale", "aggregate": "sum", "field": "amount", "where": "!free" } },
                { "name": "gross", "type": "decimal", "precision": 18, "scale": 2, "formula": "net * 1.19" },
                { "name": "customer_name", "type": "text", "formula": "customer.name" }
              ],
              "lifecycle": { "field": "status", "transitions": [
                { "name": "win", "label": "Win", "from": ["open"], "to": "won", "when": "net > 0" },
                { "name": "lose", "label": "Lose", "from": ["open"], "to": "lost" },
                { "name": "reopen", "label": "Reopen", "from": ["won", "lost"], "to": "open", "roles": ["boss"] } ] },
              "validations": [ { "when": "days > 365", "message": "A sale lasts a year at most.", "fields": ["days"] } ],
              "rules": [
                { "name": "naming", "on": ["create", "update"], "fields": ["title"], "script": "sale.naming.js" },
                { "name": "trouble", "on": ["update"], "fields": ["terms"], "script": "sale.trouble.js" },
                { "name": "keeping", "on": ["delete"], "script": "sale.keeping.js" } ] }
            """),
        ("entities/line.json", """
            { "name": "line", "plural": "lines", "primary": "name",
              "fields": [
                { "name": "sale", "type": "lookup", "target": "sale", "required": true, "createOnly": true, "onDelete": "cascade" },
                { "name": "name", "type": "text", "required": true },
                { "name": "quantity", "type": "integer", "required": true, "default": 1, "min": 0 },
                { "name": "price", "type": "decimal", "precision": 18, "scale": 2, "default": 0 },
                { "name": "free", "type": "boolean" },
                { "name": "amount", "type": "decimal", "precision": 18, "scale": 2, "formula": "quantity * price" }
              ],
              "validations": [ { "when": "quantity > 1000", "message": "No line is that large." } ] }
            """),
        ("entities/label.json", """{ "name": "label", "plural": "labels", "primary": "name", "fields": [ { "name": "name", "type": "text", "required": true } ] }"""),
        ("entities/rate.json", """
            { "name": "rate", "plural": "rates", "primary": "currency", "fields": [
              { "name": "currency", "type": "text" }, { "name": "valid_from", "type": "date" }, { "name": "rate", "type": "decimal", "precision": 18, "scale": 6 } ] }
            """),
        ("rules/sale.naming.js", """
            if (record.title === 'loop') while (true) {}
            if (record.title === 'grow') { var s = 'x'; while (true) s += s; }
            if (record.title === 'deep') (function f() { f(); })();
            if (record.title === 'bad') fail('title', 'Bad is no title.');
            record.title = record.title.trim();
            record.hint = (previous ? previous.title + ' -> ' : '') + record.title + ' by ' + user.userName.substr(0, 4);
            """),
        ("rules/sale.trouble.js", "var x = 1;\nif (record.terms === 13) throw new Error('No thirteen.');"),
        ("rules/sale.keeping.js", "if (record.title === 'kept') fail('This one stays.');"),
        ("translations/de.json", """
            { "language": "de", "texts": {
              "entity.sale.validation.A sale lasts a year at most.": "Ein Verkauf dauert höchstens ein Jahr.",
              "entity.sale.field.labels.inverse.label": "Verkäufe damit",
              "entity.line.validation.No line is that large.": "So groß ist keine Position." } }
            """),
        ("roles/seller.json", """
            { "name": "seller", "entities": {
              "customer": { "read": "organisation" }, "label": { "read": "organisation" },
              "sale": { "create": "own", "read": "own", "update": "own", "delete": "own" },
              "line": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" },
              "sale_labels": { "create": "organisation", "read": "organisation", "delete": "organisation" } } }
            """),
        ("roles/boss.json", """{ "name": "boss", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation", "assign": "organisation" } } }"""),
        ("roles/clerk.json", """{ "name": "clerk", "entities": { "sale": { "read": "organisation" } } }"""),
    ];
}

/// <summary>One server for all tests of writes.</summary>
public sealed class SalesApplication : IAsyncLifetime
{
    public TestApplication App { get; private set; } = null!;

    public TestClient Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await TestApplication.StartAsync("sales", SalesPackage.Files());
        Admin = await App.ClientAsync();
    }

    public Task DisposeAsync() => App.DisposeAsync().AsTask();

    /// <summary>A customer with a name of its own.</summary>
    public Task<string> CustomerAsync(string more = "") => Admin.CreateAsync("customers", $$"""{ "name": "C{{Guid.NewGuid():N}}" {{more}} }""");

    /// <summary>A sale to a new customer.</summary>
    public async Task<string> SaleAsync(string more = "") => await Admin.CreateAsync("sales", $$"""{ "title": "Sale", "customer_id": "{{await CustomerAsync()}}" {{more}} }""");
}

[CollectionDefinition(nameof(SalesCollection))]
public sealed class SalesCollection : ICollectionFixture<SalesApplication>;
