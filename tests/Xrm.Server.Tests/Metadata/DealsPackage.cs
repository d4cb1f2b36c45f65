using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Metadata;

/// <summary>Two packages in which a field, an option, a role, a script and an entity are used in every way there is.</summary>
internal static class DealsPackage
{
    public static PackageFiles[] All(string more = "") => [Deals(more), Extras()];

    /// <summary>The package that owns the entities.</summary>
    /// <param name="more">A further field of the deal, with a comma behind it.</param>
    public static PackageFiles Deals(string more = "") => new PackageBuilder("deals")
        .File("manifest.json", """
            { "formatVersion": 1, "name": "deals", "version": "1.0.0",
              "currencies": { "base": "EUR", "entity": "rate", "currency": "code", "validFrom": "starts_on", "rate": "factor" } }
            """)
        .EntityJson("""
            { "name": "rate", "plural": "rates", "primary": "code", "fields": [
              { "name": "code", "type": "text" },
              { "name": "starts_on", "type": "date" },
              { "name": "factor", "type": "decimal", "precision": 12, "scale": 6 } ] }
            """)
        .EntityJson("""
            { "name": "customer", "plural": "customers", "primary": "name", "fields": [
              { "name": "name", "type": "text" },
              { "name": "discount", "type": "integer" },
              { "name": "deals", "type": "children", "entity": "deal", "via": "customer", "columns": [ "title", "status" ] },
              { "name": "open_deals", "type": "integer", "rollup": { "entity": "deal", "via": "customer", "aggregate": "count", "where": "status == 'open'" } },
              { "name": "last_change", "type": "date", "rollup": { "entity": "deal", "via": "customer", "aggregate": "last", "field": "changed_on", "orderBy": "changed_on" } } ] }
            """)
        .EntityJson($$"""
            { "name": "deal", "plural": "deals", "primary": "title", "subtitle": "status",
              "defaultSort": [ { "field": "status" } ],
              "fields": [
                { "name": "title", "type": "text" },
                {{more}}
                { "name": "status", "type": "choice", "default": "open", "access": { "write": [ "seller" ] },
                  "options": [ { "value": "open" }, { "value": "won" }, { "value": "lost" } ] },
                { "name": "reason", "type": "choice", "parent": "status",
                  "options": [ { "value": "price", "when": [ "lost" ] }, { "value": "other" } ],
                  "visible": "status == 'lost'", "required": "status == 'lost'", "readonly": "status == 'open'" },
                { "name": "customer", "type": "lookup", "target": "customer", "filter": "discount > 0 || record.status == 'open'" },
                { "name": "discount", "type": "integer", "copyFrom": "customer.discount" },
                { "name": "changed_on", "type": "date", "default": { "formula": "status == 'open' ? today() : null" } },
                { "name": "is_open", "type": "boolean", "formula": "status == 'open'" } ],
              "keys": [ { "name": "one_open", "fields": [ "title", "status" ] } ],
              "indexes": [ { "fields": [ "status", "title" ] } ],
              "lifecycle": { "field": "status", "transitions": [
                { "name": "win", "from": [ "open" ], "to": "won", "when": "status != 'lost'", "roles": [ "seller" ] } ] },
              "rules": [ { "name": "check", "on": [ "create", "update" ], "fields": [ "status" ], "script": "deal.check.js" }, { "name": "lost", "when": "status == 'lost'", "then": [ { "require": [ "reason" ] }, { "limit": "reason", "options": [ "price" ] }, { "set": "discount", "to": "status == 'lost' ? 0 : discount" } ], "else": [ { "message": "Good luck.", "field": "status" } ] } ],
              "validations": [ { "when": "status == 'won' && !user.roles.includes('seller')", "message": "Only sellers win.", "fields": [ "status" ] } ] }
            """)
        .File("rules/deal.check.js", """
            // record.status alone in a remark is no mention.
            if (record.status === 'won' &&
                previous && previous['status'] !== 'open') {
              fail('status', 'No.');
            }
            if (user.roles.indexOf('seller') < 0) record.title = 'x';
            """)
        .File("views/deal.open.json", """
            { "name": "deal.open", "entity": "deal",
              "columns": [ "title", "status", "customer.discount" ],
              "filter": "['open', 'won'].includes(status)",
              "sort": [ { "field": "status" } ] }
            """)
        .File("forms/deal.main.json", """
            { "name": "deal.main", "entity": "deal", "header": [ "status" ],
              "tabs": [ { "label": "General", "visible": "status != 'lost'",
                "sections": [ { "visible": "status != 'lost'", "fields": [ "title", { "field": "status", "span": 2 } ] } ] } ] }
            """)
        .File("workflows/thank.json", """
            { "name": "thank", "entity": "deal",
              "trigger": { "on": [ "update", "button" ], "fields": [ "status" ], "when": "status == 'won'", "roles": [ "seller" ] },
              "steps": [
                { "name": "check", "type": "condition", "when": "status == 'won'", "then": [
                  { "name": "reopen", "type": "set", "values": { "status": "open" } },
                  { "name": "again", "type": "create", "entity": "deal", "values": { "title": "Again", "status": { "formula": "status == 'won' ? 'open' : 'lost'" } } } ] },
                { "name": "mail", "type": "email", "to": "'a@example.com'", "subject": "Deal {{status}}", "body": "{{customer.name}}" } ] }
            """)
        .File("apps/sales.json", """
            { "name": "sales", "roles": [ "seller" ], "navigation": [ { "items": [ { "entity": "deal", "view": "deal.open" } ] } ] }
            """)
        .File("roles/seller.json", """
            { "name": "seller", "entities": { "deal": { "read": "organisation" }, "*": { "create": "organisation" } } }
            """)
        .File("translations/de.json", """
            { "language": "de", "texts": {
              "entity.deal.label": "Geschäft", "entity.deal.field.status.label": "Stand",
              "entity.deal.field.status.option.open": "offen", "role.seller.label": "Verkäufer" } }
            """)
        .File("data/deals.json", """
            { "entity": "deal", "key": [ "title" ], "rows": [
              { "title": "One", "status": "open", "customer": { "name": "Acme" } },
              { "title": "Two", "status": "open" } ] }
            """)
        .File("data/customers.json", """{ "entity": "customer", "key": [ "name" ], "rows": [ { "name": "Acme" } ] }""")
        .File("tests/deal.tests.json", """
            { "tests": [ { "name": "A new deal is open",
              "as": { "roles": [ "seller" ] }, "given": [ { "as": "first", "entity": "deal", "values": { "title": "A" } } ],
              "when": [ { "update": "first", "values": { "title": "B" } } ],
              "then": { "exists": [ { "entity": "deal", "where": { "title": "B" } } ], "records": { "first": { "status": "open" } } } } ] }
            """)
        .Files();

    /// <summary>A package that builds upon the other.</summary>
    public static PackageFiles Extras() => new PackageBuilder("extras")
        .File("manifest.json", """{ "formatVersion": 1, "name": "extras", "version": "1.0.0", "dependsOn": { "deals": "^1.0" } }""")
        .File("extensions/deal.json", """
            { "entity": "deal",
              "fields": [ { "name": "is_lost", "type": "boolean", "formula": "status == 'lost'" } ],
              "changes": { "status": { "required": "is_lost || title != null", "options": [ { "value": "open", "label": "Still open" } ] }, "title": { "after": "status" } } }
            """)
        .Files();
}
