using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Rules;

/// <summary>Records whose scripts read and change others: each order says by <c>what</c> what its rule shall do.</summary>
internal static class ScriptPackage
{
    public static PackageFiles Files() => new PackageBuilder("shop")
        .EntityJson("""
            { "name": "client", "plural": "clients", "primary": "name", "features": ["audit"],
              "fields": [
                { "name": "name", "type": "text", "required": true },
                { "name": "industry", "type": "choice", "options": [ { "value": "tech" }, { "value": "mining" } ] },
                { "name": "credit", "type": "decimal", "precision": 20, "scale": 4 },
                { "name": "secret", "type": "text", "access": { "read": ["boss"], "write": ["boss"] } },
                { "name": "spent", "type": "decimal", "precision": 20, "scale": 4, "rollup": { "entity": "order", "via": "client", "aggregate": "sum", "field": "amount" } },
                { "name": "left", "type": "decimal", "precision": 20, "scale": 4, "formula": "credit - spent" } ],
              "rules": [ { "name": "follow", "on": ["update"], "fields": ["credit"], "script": "client.follow.js" } ] }
            """)
        .EntityJson("""
            { "name": "order", "plural": "orders", "primary": "title", "features": ["recycleBin"],
              "fields": [
                { "name": "title", "type": "text", "required": true },
                { "name": "what", "type": "text" },
                { "name": "client", "type": "lookup", "target": "client" },
                { "name": "placed_on", "type": "date" },
                { "name": "amount", "type": "decimal", "precision": 20, "scale": 4 },
                { "name": "client_left", "type": "decimal", "precision": 20, "scale": 4, "formula": "client.left" },
                { "name": "state", "type": "choice", "default": "open", "options": [ { "value": "open" }, { "value": "paid" }, { "value": "sent" } ] },
                { "name": "found", "type": "text" } ],
              "lifecycle": { "field": "state", "transitions": [ { "name": "pay", "from": ["open"], "to": "paid" }, { "name": "send", "from": ["open", "paid"], "to": "sent" } ] },
              "rules": [ { "name": "act", "on": ["create", "update"], "fields": ["what"], "script": "order.act.js" },
                         { "name": "as_system", "on": ["create"], "runAs": "system", "order": 1, "script": "order.as_system.js" },
                         { "name": "large", "on": ["create", "update"], "when": "amount > 1000 && changed('amount')", "script": "order.large.js" },
                         { "name": "paying", "on": ["transition"], "transitions": ["pay"], "script": "order.paying.js" },
                         { "name": "moving", "on": ["transition"], "order": 2, "script": "order.moving.js" } ] }
            """)
        .EntityJson("""
            { "name": "note", "plural": "notes", "primary": "title",
              "fields": [ { "name": "title", "type": "text", "required": true, "maxLength": 20 }, { "name": "client", "type": "lookup", "target": "client" }, { "name": "other", "type": "lookup", "target": "note" }, { "name": "turn", "type": "integer" } ],
              "validations": [ { "when": "title == 'wrong'", "message": "Wrong is no title.", "fields": ["title"] } ],
              "rules": [ { "name": "echo", "on": ["create", "update"], "fields": ["turn"], "script": "note.echo.js" } ] }
            """)
        .File("rules/client.follow.js", "if (record.credit === 7) create('order', { title: 'Gift', client: record.id, amount: 5 });")
        .File("rules/order.as_system.js", "if (record.what === 'system') { record.found = get('client', record.client).secret; create('note', { title: 'by system' }); }")
        .File("actions/discount.json", """
            { "name": "discount", "entity": "order", "script": "order.discount.js", "when": "state == 'open'", "parameters": [
                { "name": "percent", "type": "decimal", "required": true, "min": 0, "max": 50 },
                { "name": "reason", "type": "choice", "default": "loyal", "options": [ { "value": "loyal" }, { "value": "late", "label": "We were late" } ] },
                { "name": "until", "type": "date" }, { "name": "count", "type": "integer" }, { "name": "urgent", "type": "boolean" }, { "name": "at", "type": "datetime" },
                { "name": "note", "type": "text", "maxLength": 10 }, { "name": "for", "type": "lookup", "target": "client" } ] }
            """)
        .File("actions/bill.json", """{ "name": "bill", "entity": "order", "script": "order.bill.js", "roles": ["boss"], "runAs": "system" }""")
        .File("actions/totals.json", """{ "name": "totals", "label": "Totals by client", "script": "totals.js", "roles": ["seller", "boss"], "parameters": [ { "name": "client", "type": "lookup", "target": "client", "required": true } ] }""")
        .File("actions/clean.json", """{ "name": "clean", "script": "clean.js" }""")
        .File("rules/order.discount.js", """
            record.amount = record.amount * (100 - parameters.percent) / 100;
            record.found = parameters.reason + ' ' + parameters.until + ' ' + operation;
            if (parameters.percent > 40) warn('amount', 'That is much.');
            if (parameters.note === 'fail') fail('No.');
            return { before: previous.amount, after: record.amount };
            """)
        .File("rules/order.bill.js", "create('note', { title: 'Bill', client: record.client });")
        .File("rules/totals.js", "var orders = query('order', { where: { client: parameters.client } }); var sum = 0; orders.forEach(function (o) { sum += o.amount; }); if (orders.length === 0) fail('There are no orders.'); warn('As of ' + today + '.'); return { count: orders.length, sum: sum };")
        .File("rules/clean.js", "create('note', { title: 'cleaned' }); create('note', { title: 'wrong' });")
        .File("rules/order.large.js", "record.found = 'large'; warn('amount', translate('large', 'More than {0}.', 1000)); warn('Look twice.');")
        .File("rules/order.paying.js", "record.found = transition + ' ' + operation + ' ' + previous.state + ' ' + record.state; mail({ to: ['a@example.com', 'b@example.com'], subject: 'Paid:\\n' + record.title, body: 'Thanks.' });")
        .File("rules/order.moving.js", "if (record.title === 'stuck') fail('state', 'It is stuck.');")
        .File("translations/de.json", """{ "language": "de", "texts": { "script.large": "Mehr als {0}." } }""")
        .File("rules/note.echo.js", """
            if (record.turn === 0) update('note', record.id, { title: 'self' });
            else if (record.turn > 0 && record.turn < 100) create('note', { title: 'n' + (record.turn + 1), turn: record.turn + 1 });
            else if (record.turn === 100 && previous) update('note', record.other, { turn: 101 });
            else if (record.turn === 101 && previous) update('note', record.other, { turn: 102 });
            """)
        .File("rules/order.act.js", """
            switch (record.what) {
              case 'get': record.found = get('client', record.client).name + '/' + get('client', record.client).left; break;
              case 'lock': get('client', record.client, { lock: true }); break;
              case 'absent': record.found = String(get('client', '00000000-0000-0000-0000-000000000001')); break;
              case 'secret': record.found = typeof get('client', record.client).secret; break;
              case 'create': record.found = get('note', create('note', { title: 'of ' + record.title, client: record.client })).title; break;
              case 'update': update('client', record.client, { credit: 50, industry: 'mining' }); record.found = String(get('client', record.client).left); break;
              case 'remove': remove('order', query('order', { where: { title: 'victim', client: record.client } })[0].id); record.found = String(query('order', { where: { title: 'victim', client: record.client } }).length); break;
              case 'swallow': try { create('note', { title: 'wrong' }); } catch (e) { record.found = 'caught'; } break;
              case 'wrong':

                create('note', { title: 'wrong' }); break;
              case 'typo': query('clint'); break;
              case 'many': for (var i = 0; i < 1000; i++) try { get('client', 'no id'); } catch (wrong) { } break;
              case 'system': break;
              case 'long': create('note', { title: 'a title that is much too long' }); break;
              default: if (record.what) record.found = query('order', JSON.parse(record.what)).map(function (o) { return o.title; }).join(); break;
            }
            """)
        .File("actions/waiting.json", """{ "name": "waiting", "script": "waiting.js", "runAs": "system", "roles": ["waiter"], "parameters": [ { "name": "client", "type": "lookup", "target": "client" } ] }""")
        .File("rules/waiting.js", "get('client', parameters.client, { lock: true });")
        .File("roles/waiter.json", """{ "name": "waiter" }""")
        .File("roles/seller.json", """
            { "name": "seller", "entities": { "client": { "read": "organisation" }, "order": { "create": "organisation", "read": "organisation", "update": "organisation" } } }
            """)
        .File("roles/boss.json", """{ "name": "boss", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" } } }""")
        .Files();
}

/// <summary>One server for all tests of scripts that work with other records.</summary>
public sealed class ScriptApplication : IAsyncLifetime
{
    public TestApplication App { get; private set; } = null!;

    public TestClient Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await TestApplication.StartAsync("scripts", ScriptPackage.Files());
        Admin = await App.ClientAsync();
    }

    public Task DisposeAsync() => App.DisposeAsync().AsTask();

    /// <summary>A client of the shop with a credit of 100.</summary>
    public Task<string> ShopperAsync(string more = "") => Admin.CreateAsync("clients", $$"""{ "name": "C", "credit": 100 {{more}} }""");
}
