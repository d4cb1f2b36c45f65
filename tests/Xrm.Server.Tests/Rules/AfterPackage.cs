using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Rules;

/// <summary>Parcels, whose scripts run when their save is over.</summary>
internal static class AfterPackage
{
    public static PackageFiles Files() => new PackageBuilder("parcels")
        .EntityJson("""
            { "name": "parcel", "plural": "parcels", "primary": "title", "features": ["recycleBin"],
              "fields": [
                { "name": "title", "type": "text", "required": true },
                { "name": "url", "type": "url" },
                { "name": "count", "type": "integer" },
                { "name": "weight", "type": "decimal", "precision": 20, "scale": 4 },
                { "name": "answer", "type": "multiline" },
                { "name": "state", "type": "choice", "default": "open", "options": [ { "value": "open" }, { "value": "sent" } ] } ],
              "lifecycle": { "field": "state", "transitions": [ { "name": "send", "from": ["open"], "to": "sent" } ] },
              "rules": [
                { "name": "note_it", "on": ["create", "delete"], "timing": "after", "when": "title.startsWith('note')", "script": "parcel.note.js" },
                { "name": "call", "on": ["transition"], "transitions": ["send"], "timing": "after", "script": "parcel.call.js" },
                { "name": "assign", "on": ["create"], "timing": "after", "when": "title == 'assign'", "script": "parcel.assign.js" },
                { "name": "count_up", "on": ["update"], "fields": ["count"], "timing": "after", "runAs": "system", "script": "parcel.count.js" },
                { "name": "early", "on": ["create"], "when": "title == 'early'", "script": "parcel.call.js" } ] }
            """)
        .EntityJson("""{ "name": "trace", "plural": "traces", "primary": "title", "fields": [ { "name": "title", "type": "text" }, { "name": "parcel", "type": "lookup", "target": "parcel" }, { "name": "weight", "type": "decimal", "precision": 20, "scale": 4 } ] }""")
        .File("rules/parcel.note.js", "create('trace', { title: operation + ' ' + record.title + (previous ? ' was ' + previous.title : ''), parcel: operation === 'delete' ? null : record.id, weight: record.weight });")
        .File("rules/parcel.call.js", """
            var answer = http({ url: record.url, method: 'POST', headers: { 'X-Kind': 'parcel' }, body: { title: record.title, weight: record.weight, from: previous && previous.state } });
            update('parcel', record.id, { answer: answer.status + ' ' + answer.headers['content-type'] + ' ' + answer.body });
            """)
        .File("rules/parcel.assign.js", "record.count = 1;")
        .File("rules/parcel.count.js", "if (record.count < 100) update('parcel', record.id, { count: record.count + 1 });")
        .File("schedules/sweep.json", """{ "name": "sweep", "script": "sweep.js", "every": "P1D" }""")
        .File("rules/sweep.js", "query('parcel', { where: { title: 'old' } }).forEach(function (p) { remove('parcel', p.id); create('trace', { title: operation + ' by ' + user.userName + ' ' + record }); });")
        .File("roles/packer.json", """{ "name": "packer", "entities": { "parcel": { "create": "organisation", "read": "organisation", "update": "organisation", "delete": "organisation" } } }""")
        .Files();
}
