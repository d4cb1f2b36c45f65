using System.Text.Json;
using Xrm.Server.Tests.Changes;

namespace Xrm.Server.Tests.Access;

/// <summary>Every door by which records are read or changed, for random people with random roles, beside a plain oracle.</summary>
public sealed class AccessTests
{
    private readonly List<string> _differences = [];
    private int _compared;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_door_shows_and_changes_what_roles_reach(int seed)
    {
        var agency = Agency.Make(seed);
        var oracle = new Oracle(agency);
        await using var app = await TestApplication.StartAsync($"agency {seed}", agency.Package());
        var admin = await app.ClientAsync();
        await agency.FillAsync(admin);
        var clients = new List<TestClient>();
        foreach (var person in agency.People) clients.Add(await app.ClientAsync(person.Id, [.. person.Roles.Select(role => $"r{role}")]));
        await agency.ShareAllAsync(admin);
        await agency.AttachAsync(admin);
        foreach (var (person, client) in agency.People.Zip(clients))
        {
            var seen = new Sight(agency, oracle, person);
            await ReadManyAsync(client, seen);
            await ReadSingleAsync(client, seen);
            await ReadByScriptAsync(client, seen);
            await ShareAsync(client, seen, oracle);
            await ChangeAsync(client, seen, agency, oracle);
        }
        Assert.True(_differences.Count == 0, $"Seed {seed}, {_differences.Count} of {_compared}:\n{string.Join('\n', _differences.Take(20))}");
        // Of three seeds together, more than ten thousand.
        Assert.True(_compared > 3400, $"Only {_compared} were compared.");
    }

    [Fact]
    public async Task Streams_tell_each_person_what_comes_into_their_sight_changes_there_and_goes()
    {
        var agency = Agency.Make(5);
        var oracle = new Oracle(agency);
        await using var app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "agency 5", agency.Package());
        var admin = await app.ClientAsync();
        await agency.FillAsync(admin);
        var clients = new List<TestClient>();
        foreach (var person in agency.People) clients.Add(await app.ClientAsync(person.Id, [.. person.Roles.Select(role => $"r{role}")]));
        await agency.ShareAllAsync(admin);
        var followers = new List<(Person Person, EventStream Stream, List<string> Expected)>();
        foreach (var (person, client) in agency.People.Zip(clients).Where(pair => oracle.MayEverRead(pair.First, isNote: false)))
            followers.Add((person, await EventStream.OpenAsync(client.Http, "?entities=case"), []));
        for (var i = 0; i < 60; i++) await ChangeAsync(admin, agency, oracle, followers);
        // What everybody who sees anything learns last.
        foreach (var (person, _, _) in followers.ToList())
            if (agency.Cases.Values.FirstOrDefault(one => oracle.MayRead(person, false, one)) is { } known) await TouchAsync(admin, agency, oracle, followers, known, known with { Amount = known.Amount });
        foreach (var (person, stream, expected) in followers)
        {
            var told = (await stream.TakeAsync(expected.Count)).Select(each => $"{each["change"]} {each["id"]}").ToList();
            Compare(new Sight(agency, oracle, person), "stream", string.Join('\n', expected), string.Join('\n', told));
            await stream.DisposeAsync();
        }
        Assert.True(_differences.Count == 0, $"{_differences.Count} of {_compared}:\n{string.Join('\n', _differences.Take(5))}");
        Assert.True(followers.Sum(follower => follower.Expected.Count) > 200);
    }

    private static Task ChangeAsync(TestClient admin, Agency agency, Oracle oracle, List<(Person, EventStream, List<string>)> followers)
    {
        var before = agency.Pick(agency.Cases.Values);
        if (!agency.Chance(3)) return TouchAsync(admin, agency, oracle, followers, before, before with { Amount = (before.Amount + 37) % 100 });
        var (owner, _, unit) = agency.PickOwner();
        return owner == before.Owner ? Task.CompletedTask : TouchAsync(admin, agency, oracle, followers, before, before with { Owner = owner, Unit = unit });
    }

    private static async Task TouchAsync(TestClient admin, Agency agency, Oracle oracle, List<(Person Person, EventStream Stream, List<string> Expected)> followers, Owned before, Owned after)
    {
        var kind = agency.Teams.Exists(team => team.Id == after.Owner) ? "team" : "user";
        var answer = await admin.PatchAsync($"/api/data/cases/{before.Id}", JsonSerializer.Serialize(new { amount = after.Amount, owner_id = after.Owner, owner_type = kind, title = $"Matter {Guid.NewGuid():N}" }));
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Json}");
        foreach (var (person, _, expected) in followers)
            switch (oracle.MayRead(person, false, before), oracle.MayRead(person, false, after))
            {
                case (false, true): expected.Add($"create {before.Id}"); break;
                case (true, true): expected.Add($"update {before.Id}"); break;
                case (true, false): expected.Add($"delete {before.Id}"); break;
            }
        agency.Cases[before.Id] = after;
    }

    [Fact]
    public async Task Explanations_agree_with_what_roles_reach()
    {
        var agency = Agency.Make(4);
        var oracle = new Oracle(agency);
        await using var app = await TestApplication.StartAsync("agency 4", agency.Package());
        var admin = await app.ClientAsync();
        await agency.FillAsync(admin);
        var clients = new List<TestClient>();
        foreach (var person in agency.People) clients.Add(await app.ClientAsync(person.Id, [.. person.Roles.Select(role => $"r{role}")]));
        await agency.ShareAllAsync(admin);
        foreach (var (person, client) in agency.People.Zip(clients)) await ExplainAsync(client, admin, new Sight(agency, oracle, person), oracle);
        Assert.True(_differences.Count == 0, $"{_differences.Count} of {_compared}:\n{string.Join('\n', _differences.Take(20))}");

        var one = agency.Cases.Keys.First();
        Assert.Equal((404, "entity_unknown"), ((await admin.GetAsync($"/api/access/explain?entity=cas&id={one}")) is var typo ? typo.Status : 0, typo["code"]));
        Assert.Equal((404, "record_not_found"), ((await admin.GetAsync($"/api/access/explain?entity=case&id={Guid.NewGuid()}")) is var none ? none.Status : 0, none["code"]));
        Assert.Equal((404, "user_unknown"), ((await admin.GetAsync($"/api/access/explain?entity=case&id={one}&user={Guid.NewGuid()}")) is var nobody ? nobody.Status : 0, nobody["code"]));
        Assert.True((await admin.GetAsync($"/api/access/explain?entity=case&id={one}")).Json.GetProperty("user").GetProperty("mayEverything").GetBoolean());
    }

    private async Task ExplainAsync(TestClient client, TestClient admin, Sight seen, Oracle oracle)
    {
        foreach (var record in seen.Agency.Cases.Values.Where(_ => seen.Agency.Chance(4)).ToList())
        {
            var path = $"/api/access/explain?entity=case&id={record.Id}";
            var asked = await admin.GetAsync($"{path}&user={seen.Person.Id}");
            var mayRead = oracle.MayRead(seen.Person, false, record);
            var mayUpdate = mayRead && oracle.May(seen.Person, false, record, "update");
            var expected = $"read {mayRead}, update {mayUpdate}, delete {mayRead && oracle.May(seen.Person, false, record, "delete")}, assign {mayUpdate && oracle.May(seen.Person, false, record, "assign")}, share {mayRead && oracle.May(seen.Person, false, record, "share")}, export {mayRead && oracle.MayByRole(seen.Person, false, record, "export")}, import {oracle.MayByRole(seen.Person, false, record, "create") && oracle.MayByRole(seen.Person, false, record, "import")}";
            Compare(seen, $"explain {record.Id}", expected, string.Join(", ", asked.Json.GetProperty("operations").EnumerateArray().Select(each => $"{each.GetProperty("operation")} {each.GetProperty("isAllowed").GetBoolean()}")));
            var read = asked.Json.GetProperty("operations")[0];
            var isShared = read.GetProperty("isShared").GetBoolean();
            Compare(seen, $"explain {record.Id}: it is shared", oracle.IsShared(seen.Person, false, record, "read"), isShared);
            Compare(seen, $"explain {record.Id}: a role reaches it", mayRead, (isShared && oracle.MayEver(seen.Person, false, "read")) || read.GetProperty("roles").EnumerateArray().Any(role => role.GetProperty("reaches").GetBoolean()));
            var own = await client.GetAsync(path);
            Compare(seen, $"explain own {record.Id}", mayRead ? 200 : 404, own.Status);
            Compare(seen, $"explain others {record.Id}", 403, (await client.GetAsync($"{path}&user={Guid.NewGuid()}")).Status);
        }
    }

    private async Task ReadManyAsync(TestClient client, Sight seen)
    {
        foreach (var (collection, mayEver, records) in new[] { ("cases", seen.AnyCases, seen.Cases), ("notes", seen.AnyNotes, seen.Notes) })
        {
            var isNote = collection == "notes";
            var list = await client.GetAsync($"/api/data/{collection}?$select=id&$top=500&$count=true");
            Compare(seen, $"{collection}: status", mayEver ? 200 : 403, list.Status);
            if (!mayEver) continue;
            CompareIds(seen, collection, records.Keys, Ids(list.Json.GetProperty("value")));
            await ReadPagesAsync(client, seen, collection, records);
            Compare(seen, $"{collection}: @odata.count", records.Count.ToString(), list["@odata.count"]);
            var sum = await client.GetAsync($"/api/data/{collection}?$apply=aggregate($count as n,amount with sum as total)");
            var row = sum.Json.GetProperty("value")[0];
            Compare(seen, $"{collection}: $apply", (records.Count, records.Values.Sum(record => record.Amount)), (row.GetProperty("n").GetInt32(), row.GetProperty("total") is { ValueKind: JsonValueKind.Number } total ? total.GetInt32() : 0));
            if (!seen.Oracle.MayEver(seen.Person, isNote, "export")) Compare(seen, $"{collection}: CSV", 403, (await client.GetAsync($"/api/data/{collection}?$select=id&$format=csv")).Status);
            else if (await client.Http.GetStringAsync($"/api/data/{collection}?$select=id&$format=csv") is var csv)
                CompareIds(seen, $"{collection}: CSV", records.Values.Where(record => seen.Oracle.MayByRole(seen.Person, isNote, record, "export")).Select(record => record.Id), [.. csv.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Guid.Parse)]);
            var delta = await client.SendAsync(HttpMethod.Get, $"/api/data/{collection}?$select=id", null, prefer: "odata.track-changes,odata.maxpagesize=500");
            CompareIds(seen, $"{collection}: $delta", records.Keys, Ids(delta.Json.GetProperty("value")));
        }
        if (seen.AnyCases)
        {
            var search = await client.GetAsync("/api/data/cases?$search=matter&$select=id&$top=500");
            CompareIds(seen, "cases: $search", seen.Cases.Keys, Ids(search.Json.GetProperty("value")));
            var expanded = await client.GetAsync("/api/data/cases?$select=id&$expand=notes($select=id)&$top=500");
            foreach (var one in expanded.Json.GetProperty("value").EnumerateArray())
                CompareIds(seen, "cases: $expand=notes", seen.Notes.Values.Where(note => note.Case == one.GetProperty("id").GetGuid()).Select(note => note.Id), one.TryGetProperty("notes", out var notes) && notes.ValueKind == JsonValueKind.Array ? Ids(notes) : []);
        }
        if (seen is { AnyCases: true, AnyNotes: true })
        {
            var by = await client.GetAsync("/api/data/cases?$select=id&$filter=notes/any(n: n/amount gt 50)&$top=500");
            CompareIds(seen, "cases: any", seen.Cases.Keys.Where(id => seen.Notes.Values.Any(note => note.Case == id && note.Amount > 50)), Ids(by.Json.GetProperty("value")));
            var through = await client.GetAsync("/api/data/notes?$select=id&$filter=case/amount gt 50&$top=500");
            CompareIds(seen, "notes: by case", seen.Notes.Values.Where(note => note.Case is { } about && seen.Cases.TryGetValue(about, out var found) && found.Amount > 50).Select(note => note.Id), Ids(through.Json.GetProperty("value")));
            var grouped = await client.GetAsync("/api/data/notes?$apply=groupby((case/amount),aggregate($count as n))");
            var amounts = seen.Notes.Values.Where(note => note.Case is { } about && seen.Cases.ContainsKey(about)).Select(note => seen.Cases[note.Case!.Value].Amount).Distinct().Order();
            Compare(seen, "notes: groupby case", string.Join(',', amounts), string.Join(',', grouped.Json.GetProperty("value").EnumerateArray()
                .Select(row => row.GetProperty("case")).Where(about => about.ValueKind == JsonValueKind.Object && about.GetProperty("amount").ValueKind == JsonValueKind.Number).Select(about => about.GetProperty("amount").GetInt32()).Order()));
        }
        if (seen.AnyNotes)
        {
            var above = await client.GetAsync("/api/data/notes?$select=id&$expand=case($select=id)&$top=500");
            foreach (var note in above.Json.GetProperty("value").EnumerateArray())
            {
                var expected = seen.Notes.TryGetValue(note.GetProperty("id").GetGuid(), out var known) && known.Case is { } about && seen.Cases.ContainsKey(about) ? about : (Guid?)null;
                Compare(seen, "notes: $expand=case", expected, note.TryGetProperty("case", out var one) && one.ValueKind == JsonValueKind.Object ? one.GetProperty("id").GetGuid() : null);
            }
        }
    }

    private async Task ReadPagesAsync(TestClient client, Sight seen, string collection, IReadOnlyDictionary<Guid, Owned> records)
    {
        var amounts = new List<int>();
        var ids = new List<Guid>();
        for (var path = $"/api/data/{collection}?$select=id,amount&$filter=amount lt 80&$orderby=amount desc"; path is not null;)
        {
            var page = await client.SendAsync(HttpMethod.Get, path, null, prefer: "odata.maxpagesize=7");
            foreach (var row in page.Json.GetProperty("value").EnumerateArray())
            {
                amounts.Add(row.GetProperty("amount").GetInt32());
                ids.Add(row.GetProperty("id").GetGuid());
            }
            path = page["@odata.nextLink"] is { } next ? new Uri(next).PathAndQuery : null;
        }
        CompareIds(seen, $"{collection}: pages", records.Values.Where(record => record.Amount < 80).Select(record => record.Id), [.. ids]);
        Compare(seen, $"{collection}: records on two pages", ids.Count, ids.Distinct().Count());
        Compare(seen, $"{collection}: order of pages", string.Join(',', amounts.OrderDescending()), string.Join(',', amounts));
        var some = await client.GetAsync($"/api/data/{collection}?$select=amount&$orderby=amount&$top=5&$skip=3");
        Compare(seen, $"{collection}: $skip", string.Join(',', records.Values.Select(record => record.Amount).Order().Skip(3).Take(5)), string.Join(',', some.Json.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("amount").GetInt32())));
    }

    private async Task ReadSingleAsync(TestClient client, Sight seen)
    {
        foreach (var id in seen.Agency.Cases.Keys.Where(_ => seen.Agency.Chance(4)).ToList())
        {
            var expected = !seen.AnyCases ? 403 : seen.Cases.ContainsKey(id) ? 200 : 404;
            Compare(seen, $"cases({id})", expected, (await client.GetAsync($"/api/data/cases/{id}")).Status);
            Compare(seen, $"cases({id}): history", expected, (await client.GetAsync($"/api/data/cases/{id}/history")).Status);
        }
        foreach (var (id, file) in seen.Agency.Papers)
            Compare(seen, $"file of cases({id})", seen.Cases.ContainsKey(id) ? 200 : 404, (int)(await client.Http.GetAsync($"/api/files/{file}")).StatusCode);
    }

    private async Task ReadByScriptAsync(TestClient client, Sight seen)
    {
        foreach (var (entity, mayEver, records) in new[] { ("case", seen.AnyCases, seen.Cases), ("note", seen.AnyNotes, seen.Notes) })
        {
            if (!mayEver) continue;
            var found = await client.PostAsync("/api/actions/ids", $$"""{ "entity": "{{entity}}" }""");
            CompareIds(seen, $"{entity}: script", records.Keys, [.. found.Json.GetProperty("value").EnumerateArray().Select(id => id.GetGuid())]);
        }
    }

    private async Task ChangeAsync(TestClient client, Sight seen, Agency agency, Oracle oracle)
    {
        foreach (var record in agency.Cases.Values.Where(_ => agency.Chance(6)).ToList())
        {
            // Who may create may send a PATCH: it could be that of a new record.
            var mayTry = oracle.MayEver(seen.Person, false, "update") || oracle.MayEver(seen.Person, false, "create");
            var expected = !mayTry ? 403 : !seen.Cases.ContainsKey(record.Id) ? 404 : oracle.May(seen.Person, false, record, "update") ? 200 : 403;
            Compare(seen, $"PATCH cases({record.Id})", expected, (await client.PatchAsync($"/api/data/cases/{record.Id}", """{ "title": "Matter" }""")).Status);
            var next = agency.PickOwner();
            if (expected == 200 && record.Owner != next.Id && !oracle.May(seen.Person, false, record, "assign")) expected = 403;
            var isSeen = oracle.MayRead(seen.Person, false, record with { Owner = next.Id, Unit = record.Owner == next.Id ? record.Unit : next.Unit });
            // What goes out of sight is changed and not shown.
            if (expected == 200 && !isSeen) expected = 204;
            var assigned = await client.PatchAsync($"/api/data/cases/{record.Id}", $$"""{ "owner_id": "{{next.Id}}", "owner_type": "{{next.Kind}}" }""");
            Compare(seen, $"assign cases({record.Id})", expected, assigned.Status);
            if (assigned.Status is 200 or 204 && record.Owner != next.Id) seen.Put(record with { Owner = next.Id, Unit = next.Unit });
        }
        for (var i = 0; i < 5; i++)
        {
            var (owner, kind, unit) = agency.PickOwner();
            var made = new Owned(Guid.CreateVersion7(), owner, unit, 1, null);
            var expected = !oracle.May(seen.Person, false, made, "create") ? 403 : oracle.MayRead(seen.Person, false, made) ? 201 : 204;
            await ImportAsync(client, seen, made);
            var answer = await client.PostAsync("/api/data/cases", $$"""{ "id": "{{made.Id}}", "title": "Matter", "amount": 1, "owner_id": "{{owner}}", "owner_type": "{{kind}}" }""");
            Compare(seen, "POST cases", expected, answer.Status);
            if (answer.Status is 201 or 204) seen.Put(made);
        }
        foreach (var record in agency.Notes.Values.Where(_ => agency.Chance(20)).ToList())
        {
            var expected = !oracle.MayEver(seen.Person, true, "delete") ? 403 : !seen.Notes.ContainsKey(record.Id) ? 404 : oracle.May(seen.Person, true, record, "delete") ? 204 : 403;
            var answer = await client.DeleteAsync($"/api/data/notes/{record.Id}");
            Compare(seen, $"DELETE notes({record.Id})", expected, answer.Status);
            if (answer.Status == 204) agency.Notes.Remove(record.Id);
        }
    }

    /// <summary>Tries to import the record for oneself, so that nobody else has to be seen.</summary>
    private async Task ImportAsync(TestClient client, Sight seen, Owned made)
    {
        var own = made with { Owner = seen.Person.Id, Unit = seen.Person.Unit };
        var mayEver = seen.Oracle.MayEver(seen.Person, false, "create") && seen.Oracle.MayEver(seen.Person, false, "import");
        using var file = new StringContent("title,amount\nMatter,1\n", System.Text.Encoding.UTF8, "text/csv");
        var answer = await client.Http.PostAsync("/api/data/cases/$import?dryRun=true", file);
        Compare(seen, "import cases: status", mayEver ? 200 : 403, (int)answer.StatusCode);
        if (!mayEver) return;
        var may = seen.Oracle.MayByRole(seen.Person, false, own, "create") && seen.Oracle.MayByRole(seen.Person, false, own, "import");
        using var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Compare(seen, "import cases: created", may ? 1 : 0, report.RootElement.GetProperty("created").GetInt32());
    }

    private async Task ShareAsync(TestClient client, Sight seen, Oracle oracle)
    {
        var agency = seen.Agency;
        foreach (var record in agency.Cases.Values.Where(_ => agency.Chance(6)).ToList())
        {
            var mayRead = oracle.MayRead(seen.Person, false, record);
            var shares = await client.GetAsync($"/api/access/shares?entity=case&id={record.Id}");
            Compare(seen, $"shares of {record.Id}", mayRead ? 200 : 404, shares.Status);
            if (mayRead) CompareIds(seen, $"shares of {record.Id}", agency.Shares.Where(share => share.Record == record.Id).Select(share => share.Principal), [.. shares.Json.GetProperty("shares").EnumerateArray().Select(share => share.GetProperty("principal").GetGuid())]);
            var wanted = agency.NewShare(false, record.Id);
            var mayShare = oracle.May(seen.Person, false, record, "share");
            var expected = !mayRead ? 404 : !mayShare || !wanted.Rights.All(right => right == "read" || oracle.May(seen.Person, false, record, right)) ? 403 : 204;
            Compare(seen, $"share {record.Id} ({string.Join(' ', wanted.Rights)})", expected, (await agency.ShareAsync(client, wanted)).Status);
            if (expected == 204) agency.Shares.Add(wanted);
            if (agency.Shares.Find(share => share.Record == record.Id) is not { } some) continue;
            expected = !mayRead ? 404 : mayShare || some.Principal == seen.Person.Id ? 204 : 403;
            Compare(seen, $"unshare {record.Id}", expected, (await client.DeleteAsync($"/api/access/shares?entity=case&id={record.Id}&principal={some.Principal}")).Status);
            if (expected == 204) agency.Shares.Remove(some);
        }
        // What was shared or not meanwhile.
        seen.Look();
    }

    private static HashSet<Guid> Ids(JsonElement rows) => [.. rows.EnumerateArray().Select(row => row.GetProperty("id").GetGuid())];

    private void CompareIds(Sight seen, string door, IEnumerable<Guid> expected, HashSet<Guid> got)
    {
        var wanted = expected.ToHashSet();
        _compared += Math.Max(1, wanted.Count);
        if (!wanted.SetEquals(got)) Differ(seen, door, $"{wanted.Count} records", $"{got.Count}, {got.Except(wanted).Count()} too many");
    }

    private void Compare<T>(Sight seen, string door, T expected, T got)
    {
        _compared++;
        if (!EqualityComparer<T>.Default.Equals(expected, got)) Differ(seen, door, $"{expected}", $"{got}");
    }

    private void Differ(Sight seen, string door, string expected, string got) =>
        _differences.Add($"{door} for {seen.Person.Id} ({string.Join(", ", seen.Person.Roles.Select(role => $"r{role}"))}): expected {expected}, got {got}");

    /// <summary>What a person can see.</summary>
    private sealed class Sight(Agency agency, Oracle oracle, Person person)
    {
        public Agency Agency => agency;

        public Oracle Oracle => oracle;

        public Person Person => person;

        public bool AnyCases { get; } = oracle.MayEverRead(person, isNote: false);

        public bool AnyNotes { get; } = oracle.MayEverRead(person, isNote: true);

        public Dictionary<Guid, Owned> Cases { get; } = agency.Cases.Where(pair => oracle.MayRead(person, false, pair.Value)).ToDictionary();

        public Dictionary<Guid, Owned> Notes { get; } = agency.Notes.Where(pair => oracle.MayRead(person, true, pair.Value)).ToDictionary();

        /// <summary>Somebody shared records, or does not any more.</summary>
        public void Look()
        {
            Cases.Clear();
            foreach (var (id, record) in agency.Cases.Where(pair => oracle.MayRead(person, false, pair.Value))) Cases.Add(id, record);
        }

        /// <summary>A case was made or given to somebody.</summary>
        public void Put(Owned record)
        {
            agency.Cases[record.Id] = record;
            Cases.Remove(record.Id);
            if (oracle.MayRead(person, false, record)) Cases.Add(record.Id, record);
        }
    }
}
