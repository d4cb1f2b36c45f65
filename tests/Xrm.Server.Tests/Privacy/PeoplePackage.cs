using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Privacy;

/// <summary>People with all that can hang on them: what is emptied, what goes, what law keeps, and what says nothing of them.</summary>
internal static class PeoplePackage
{
    public static PackageFiles Files() => new PackageBuilder("people")
        .File("entities/person.json", """
            { "name": "person", "plural": "persons", "primary": "full", "features": ["audit", "recycleBin", "search"],
              "privacy": { "person": true },
              "fields": [
                { "name": "full", "type": "person_name", "required": true, "search": true, "personal": { "purpose": "To know whom we serve", "basis": "contract" } },
                { "name": "mail", "type": "email", "unique": true, "personal": { "purpose": "To write to them", "basis": "consent" } },
                { "name": "health", "type": "multiline", "personal": true, "sensitive": true },
                { "name": "nickname", "type": "text", "required": true, "personal": { "erased": "nobody" } },
                { "name": "greeting", "type": "text", "formula": "'Dear ' + nickname" },
                { "name": "picture", "type": "file", "personal": true },
                { "name": "pin", "type": "secret", "personal": true },
                { "name": "country", "type": "text" } ] }
            """)
        .File("entities/consent.json", """
            { "name": "consent", "plural": "consents", "primary": "title", "features": ["audit"],
              "privacy": { "subject": "who" },
              "fields": [ { "name": "title", "type": "text" }, { "name": "who", "type": "lookup", "target": "person", "required": true, "onDelete": "cascade" }, { "name": "proof", "type": "multiline", "personal": true } ] }
            """)
        .File("entities/deal.json", """
            { "name": "deal", "plural": "deals", "primary": "title", "features": ["audit"],
              "privacy": { "subject": "buyer", "keep": { "reason": "Tax law", "for": "P10Y", "from": "closed_on" } },
              "fields": [ { "name": "title", "type": "text", "personal": true }, { "name": "buyer", "type": "lookup", "target": "person" }, { "name": "closed_on", "type": "date" },
                { "name": "parts", "type": "children", "entity": "part", "via": "deal" } ] }
            """)
        .File("entities/part.json", """
            { "name": "part", "plural": "parts", "primary": "title",
              "fields": [ { "name": "title", "type": "text", "personal": true }, { "name": "deal", "type": "lookup", "target": "deal", "required": true } ] }
            """)
        .File("entities/letter.json", """
            { "name": "letter", "plural": "letters", "primary": "title", "features": ["audit", "recycleBin"],
              "privacy": { "subject": "about", "erasure": "delete", "retention": { "after": "P1Y", "from": "sent_on", "do": "delete" } },
              "fields": [ { "name": "title", "type": "text" }, { "name": "about", "type": "lookup", "target": "person" }, { "name": "sent_on", "type": "date" }, { "name": "scan", "type": "file" } ] }
            """)
        .File("entities/visit.json", """
            { "name": "visit", "plural": "visits", "primary": "title", "features": ["audit"],
              "privacy": { "subject": "about", "retention": { "after": "P30D", "from": "came_on" } },
              "fields": [ { "name": "title", "type": "text" }, { "name": "about", "type": "lookup", "target": "person" }, { "name": "came_on", "type": "date" }, { "name": "remarks", "type": "text", "personal": true } ] }
            """)
        .File("entities/stone.json", """{ "name": "stone", "plural": "stones", "primary": "title", "features": ["audit"], "fields": [ { "name": "title", "type": "text" } ] }""")
        .File("roles/clerk.json", """{ "name": "clerk", "entities": { "*": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" } } }""").Files();
}
