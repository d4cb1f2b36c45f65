using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Settings;

/// <summary>A firm's settings, which formulas, conditions, views and scripts of its offers ask for.</summary>
internal static class SettingsPackage
{
    public static PackageFiles Files(string more = "") => new PackageBuilder("firms")
        .EntityJson($$"""
            { "name": "firm", "plural": "firms", "primary": "name", "kind": "settings", "features": ["audit"],
              "fields": [
                { "name": "name", "type": "text", "required": true, "default": "Our firm" },
                { "name": "months", "type": "integer", "default": 12, "min": 1 },
                { "name": "limit", "type": "decimal", "precision": 20, "scale": 2, "default": 1000 },
                { "name": "branch", "type": "lookup", "target": "branch" },
                { "name": "days", "type": "integer", "formula": "months * 30" }{{more}} ] }
            """)
        .EntityJson("""{ "name": "branch", "plural": "branches", "primary": "name", "fields": [ { "name": "name", "type": "text", "required": true }, { "name": "town", "type": "text" } ] }""")
        .EntityJson("""
            { "name": "offer", "plural": "offers", "primary": "title",
              "fields": [
                { "name": "title", "type": "text", "required": true },
                { "name": "months", "type": "integer", "default": { "formula": "setting('firm').months" } },
                { "name": "value", "type": "decimal", "precision": 20, "scale": 2 },
                { "name": "reason", "type": "text", "required": "value > setting('firm').limit" },
                { "name": "left", "type": "decimal", "precision": 20, "scale": 2, "formula": "setting('firm').limit - value" },
                { "name": "town", "type": "text", "formula": "setting('firm').branch.town" },
                { "name": "days", "type": "integer", "formula": "setting('firm').days + months" },
                { "name": "told", "type": "text" } ],
              "validations": [ { "when": "months > setting('firm').months * 2", "message": "That is too long for us.", "fields": ["months"] } ],
              "rules": [ { "name": "tell", "on": ["create"], "runAs": "system", "script": "offer.tell.js" }, { "name": "grow", "on": ["create"], "when": "title == 'grow' && setting('firm').months < 24", "script": "offer.grow.js" } ] }
            """)
        .File("rules/offer.tell.js", "record.told = setting('firm').name + ', ' + setting('firm').days; if (record.title === 'wrong') setting('branch');")
        .File("rules/offer.grow.js", "update('firm', setting('firm').id, { months: 24 });")
        .File("views/offer.large.json", """{ "name": "offer.large", "entity": "offer", "columns": ["title"], "filter": "value > setting('firm').limit", "sort": [ { "field": "left" } ] }""")
        .File("roles/seller.json", """{ "name": "seller", "entities": { "offer": { "create": "organisation", "read": "organisation", "update": "organisation" }, "branch": { "read": "organisation" } } }""")
        .File("roles/chief.json", """{ "name": "chief", "entities": { "firm": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" } } }""")
        .File("tests/firm.tests.json", """
            { "tests": [ { "name": "The limit counts",
                "given": [ { "as": "firm", "entity": "firm", "values": { "limit": 5 } } ],
                "when": { "create": { "as": "dear", "entity": "offer", "values": { "title": "Dear", "value": 6 } } },
                "then": { "failsOn": "reason" } } ] }
            """)
        .Files();
}
