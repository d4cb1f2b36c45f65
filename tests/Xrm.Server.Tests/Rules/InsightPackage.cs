using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Rules;

/// <summary>Items whose rules do what their counts say.</summary>
internal static class InsightPackage
{
    public static PackageFiles Files() => new PackageBuilder("stock")
        .EntityJson("""
            { "name": "item", "plural": "items", "primary": "title", "features": ["audit"],
              "fields": [
                { "name": "title", "type": "text", "required": true },
                { "name": "number", "type": "autonumber", "format": "I-{0000}" },
                { "name": "count", "type": "integer" },
                { "name": "price", "type": "decimal", "precision": 18, "scale": 2 },
                { "name": "parent", "type": "lookup", "target": "item" },
                { "name": "worth", "type": "decimal", "precision": 18, "scale": 2, "formula": "count * price" },
                { "name": "parent_worth", "type": "decimal", "precision": 18, "scale": 2, "formula": "parent.worth" },
                { "name": "size", "type": "choice", "options": [ { "value": "small" }, { "value": "large" } ] },
                { "name": "note", "type": "text" } ],
              "rules": [
                { "name": "check", "on": ["create", "update"], "script": "item.check.js" },
                { "name": "sized", "when": "count > 50", "then": [ { "set": "size", "to": "'large'" }, { "message": "That is a lot." } ], "else": [ { "set": "size", "to": "'small'" } ] },
                { "name": "priced", "on": ["update"], "fields": ["price"], "script": "item.priced.js" },
                { "name": "keep", "on": ["delete"], "script": "item.keep.js" } ] }
            """)
        .EntityWith("echo", """ "rules": [ { "name": "told", "on": ["create"], "timing": "after", "script": "echo.told.js" } ] """)
        .File("rules/echo.told.js", "create('item', { title: 'Echo', count: 1 });")
        .EntityJson("""
            { "name": "letter", "plural": "letters", "primary": "title", "formScript": "letter.form.js",
              "fields": [ { "name": "title", "type": "text", "required": true }, { "name": "sent", "type": "boolean" } ],
              "rules": [ { "name": "post", "on": ["create"], "timing": "after", "when": "title != 'quiet'", "script": "letter.post.js" } ] }
            """)
        .File("rules/letter.form.js", "onLoad(function () {});")
        .File("rules/letter.post.js", "mail({ to: 'ada@example.com', subject: 'New: ' + record.title, body: 'By ' + user.userName });\nvar answer = http({ url: 'https://api.example.com/letters', method: 'POST', body: { title: record.title } });\nupdate('letter', record.id, { sent: answer.status === 200 });")
        .File("actions/stamp.json", """{ "name": "stamp", "entity": "letter", "script": "letter.stamp.js", "parameters": [ { "name": "text", "type": "text", "required": true } ] }""")
        .File("rules/letter.stamp.js", "record.title = parameters.text + ' ' + record.title;\nreturn record.title;")
        .File("actions/sweep.json", """{ "name": "sweep", "script": "sweep.js" }""")
        .File("rules/sweep.js", "create('letter', { title: 'quiet' });\nif (query('letter', {}).length > 2) fail('Too many letters.');\nreturn 'swept';")
        .File("schedules/nightly.json", """{ "name": "nightly", "script": "nightly.js", "every": "PT1H" }""")
        .File("rules/nightly.js", "log('at night');\ncreate('letter', { title: 'quiet' });")
        .File("roles/clerk.json", """{ "name": "clerk", "entities": { "letter": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "none" } } }""")
        .File("rules/item.check.js", """
            log('count is', record.count);
            if (record.count > 100) fail('count', 'Too many.');
            if (record.count === 13)
              throw new Error('No thirteen.');
            for (let i = 0; i < 3; i++) {
              record.note = 'n' + record.count;
            }
            if (record.count === 7) create('item', { title: 'Child', count: 1, parent: null });
            """)
        .File("rules/item.priced.js", "record.note = 'priced';")
        .File("rules/item.keep.js", "if (record.count === 1) fail('The last one stays.');")
        .File("workflows/greeting.json", """
            { "name": "greeting", "entity": "item", "trigger": { "on": ["create", "update"] }, "steps": [ { "name": "mail", "type": "email", "to": "'a@example.org'", "subject": "Item", "body": "Text" } ] }
            """)
        .Files();
}
