using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Xrm.Metadata.Source;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Access;

/// <summary>What a random role grants for one entity; depths are written as in its file.</summary>
internal sealed record Grant(string Create, string Read, string Update, string Delete, string Assign, string Share, string Export, string Import, bool ReadReports, string? Filter)
{
    public string Depth(string operation) => operation switch { "create" => Create, "read" => Read, "update" => Update, "delete" => Delete, "assign" => Assign, "export" => Export, "import" => Import, _ => Share };
}

/// <summary>What of a record is shared with a person or a team.</summary>
internal sealed record Shared(bool IsNote, Guid Record, Guid Principal, ImmutableArray<string> Rights);

/// <summary>A business unit, and the one above it.</summary>
internal sealed record Place(Guid Id, Guid? Parent);

/// <summary>Somebody who can sign in.</summary>
internal sealed record Person(Guid Id, Guid? Unit, Guid? Manager, int? Limit, ImmutableArray<int> Roles);

/// <summary>People who own records together.</summary>
internal sealed record Group(Guid Id, Guid? Unit, ImmutableArray<Guid> Members);

/// <summary>A record that somebody owns: a case, or a note about a case.</summary>
internal sealed record Owned(Guid Id, Guid? Owner, Guid? Unit, int Amount, Guid? Case);

/// <summary>An organisation made at random: units, people, teams, roles, cases and notes about them.</summary>
/// <param name="seed">The same seed makes the same organisation.</param>
internal sealed class Agency(int seed)
{
    private static readonly string[] Depths = ["none", "own", "team", "unit", "unitAndBelow", "organisation"];

    /// <summary>A filter that looks at another record.</summary>
    public const string OverCase = "case.amount < 50";

    /// <summary>Filters over the record alone: by a constant, and by the person.</summary>
    public static readonly string[] Filters = ["amount < 50", "amount >= user.amount_limit", "amount % 2 == 0"];

    private readonly Random _random = new(seed);

    public List<Place> Units { get; } = [];

    public List<Person> People { get; } = [];

    public List<Group> Teams { get; } = [];

    /// <summary>By role: what it grants for cases, and for notes.</summary>
    public List<(Grant Cases, Grant Notes)> Roles { get; } = [];

    public Dictionary<Guid, Owned> Cases { get; } = [];

    public Dictionary<Guid, Owned> Notes { get; } = [];

    public List<Shared> Shares { get; } = [];

    /// <summary>By case: the file that it holds.</summary>
    public Dictionary<Guid, string> Papers { get; } = [];

    /// <summary>Makes everything.</summary>
    public static Agency Make(int seed)
    {
        var agency = new Agency(seed);
        for (var i = 0; i < 12; i++) agency.Units.Add(new Place(agency.NewId(), agency.PickOrNone(agency.Units)?.Id));
        for (var i = 0; i < 10; i++) agency.Roles.Add((agency.NewGrant(isNote: false), agency.NewGrant(isNote: true)));
        for (var i = 0; i < 20; i++)
            agency.People.Add(new Person(agency.NewId(), agency.PickOrNone(agency.Units)?.Id, agency.PickOrNone(agency.People)?.Id, agency.Chance(3) ? null : agency._random.Next(100), [.. Enumerable.Range(0, agency.Roles.Count).Where(_ => agency.Chance(4)).DefaultIfEmpty(agency._random.Next(10))]));
        for (var i = 0; i < 6; i++) agency.Teams.Add(new Group(agency.NewId(), agency.PickOrNone(agency.Units)?.Id, [.. agency.People.Where(_ => agency.Chance(4)).Select(person => person.Id)]));
        for (var i = 0; i < 80; i++) agency.Add(agency.Cases, null);
        for (var i = 0; i < 120; i++) agency.Add(agency.Notes, agency.Chance(8) ? null : agency.Pick(agency.Cases.Keys));
        foreach (var isNote in new[] { true, false })
            for (var i = 0; i < 40; i++) agency.Shares.Add(agency.NewShare(isNote, agency.Pick((isNote ? agency.Notes : agency.Cases).Keys)));
        return agency;
    }

    public T Pick<T>(IEnumerable<T> among) => among.ElementAt(_random.Next(among.Count()));

    /// <summary>One time in so many.</summary>
    public bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    /// <summary>A person or a team.</summary>
    public (Guid Id, string Kind, Guid? Unit) PickOwner() => Chance(3) && Pick(Teams) is var team ? (team.Id, "team", team.Unit) : Pick(People) is var person ? (person.Id, "user", person.Unit) : default;

    /// <summary>A share of a record with anybody with whom it is not shared yet.</summary>
    public Shared NewShare(bool isNote, Guid record)
    {
        var principal = PickOwner().Id;
        while (Shares.Exists(share => share.Record == record && share.Principal == principal)) principal = PickOwner().Id;
        return new Shared(isNote, record, principal, ["read", .. new[] { "update", "delete", "assign", "share" }.Where(_ => Chance(2))]);
    }

    /// <summary>Shares a record by the API.</summary>
    public Task<Answer> ShareAsync(TestClient client, Shared share) => client.SendAsync(HttpMethod.Put, "/api/access/shares",
        JsonSerializer.Serialize(new { entity = share.IsNote ? "note" : "case", id = share.Record, principal = share.Principal, kind = Kind(share.Principal), rights = share.Rights }));

    /// <summary>The package that describes it.</summary>
    public PackageFiles Package() => Roles.Index().Aggregate(
        new PackageBuilder("agency")
            .EntityJson("""{ "name": "business_unit", "plural": "business_units", "primary": "name", "fields": [ { "name": "name", "type": "text" }, { "name": "parent", "type": "parent" } ] }""")
            .EntityJson("""
                { "name": "user", "plural": "users", "primary": "name", "fields": [ { "name": "name", "type": "text" },
                  { "name": "business_unit", "type": "lookup", "target": "business_unit" }, { "name": "manager", "type": "lookup", "target": "user" }, { "name": "amount_limit", "type": "integer" } ] }
                """)
            .EntityJson("""
                { "name": "team", "plural": "teams", "primary": "name", "fields": [ { "name": "name", "type": "text" },
                  { "name": "business_unit", "type": "lookup", "target": "business_unit" }, { "name": "members", "type": "links", "target": "user" } ] }
                """)
            .EntityJson("""
                { "name": "case", "plural": "cases", "primary": "title", "ownership": "user", "features": ["search", "audit"], "fields": [
                  { "name": "title", "type": "text", "search": true }, { "name": "amount", "type": "integer" }, { "name": "paper", "type": "file" } ] }
                """)
            .EntityJson("""
                { "name": "note", "plural": "notes", "primary": "title", "ownership": "user", "features": ["recycleBin"], "fields": [
                  { "name": "title", "type": "text" }, { "name": "amount", "type": "integer" },
                  { "name": "case", "type": "lookup", "target": "case", "onDelete": "setNull", "inverse": { "name": "notes" } } ] }
                """)
            .File("rules/ids.js", "return query(parameters.entity, { limit: 1000 }).map(function (one) { return one.id; });")
            .File("actions/ids.json", $$"""{ "name": "ids", "script": "ids.js", "roles": [{{string.Join(", ", Enumerable.Range(0, Roles.Count).Select(role => $"\"r{role}\""))}}], "parameters": [ { "name": "entity", "type": "text" } ] }"""),
        (package, role) => package.File($"roles/r{role.Index}.json", $$"""{ "name": "r{{role.Index}}", "entities": { "case": {{Written(role.Item.Cases)}}, "note": {{Written(role.Item.Notes)}} } }""")).Files();

    /// <summary>Writes all records by the API.</summary>
    public async Task FillAsync(TestClient admin)
    {
        await AddAsync(admin, "business_units", Units.Select(unit => new { id = unit.Id, name = "Unit", parent_id = unit.Parent }));
        await AddAsync(admin, "users", People.Select(person => new { id = person.Id, name = "Person", business_unit_id = person.Unit, manager_id = person.Manager, amount_limit = person.Limit }));
        await AddAsync(admin, "teams", Teams.Select(team => new { id = team.Id, name = "Team", business_unit_id = team.Unit, members = team.Members.Select(id => new { id }) }));
        await AddAsync(admin, "cases", Cases.Values.Select(one => new { id = one.Id, title = "Matter", amount = one.Amount, owner_id = one.Owner, owner_type = Kind(one.Owner) }));
        await AddAsync(admin, "notes", Notes.Values.Select(one => new { id = one.Id, title = "Remark", amount = one.Amount, owner_id = one.Owner, owner_type = Kind(one.Owner), case_id = one.Case }));
    }

    /// <summary>Puts files into some cases.</summary>
    public async Task AttachAsync(TestClient admin)
    {
        foreach (var one in Cases.Keys.Take(15))
        {
            using var content = new ByteArrayContent([1, 2, 3]);
            var uploaded = await admin.Http.PostAsync("/api/files?name=paper.bin", content);
            Papers[one] = JsonDocument.Parse(await uploaded.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
            Assert.Equal(200, (await admin.PatchAsync($"/api/data/cases/{one}", $$"""{ "paper": "{{Papers[one]}}" }""")).Status);
        }
    }

    /// <summary>Shares records by the API; all people can sign in by then.</summary>
    public async Task ShareAllAsync(TestClient admin)
    {
        foreach (var share in Shares) Assert.Equal(204, (await ShareAsync(admin, share)).Status);
    }

    private string Kind(Guid? owner) => Teams.Exists(team => team.Id == owner) ? "team" : "user";

    private static async Task AddAsync<T>(TestClient admin, string collection, IEnumerable<T> rows)
    {
        var answer = await admin.PostAsync($"/api/data/{collection}", JsonSerializer.Serialize(rows));
        Assert.True(answer.Status == 200, $"{collection}: {answer.Status} {answer.Json}");
    }

    private static string Written(Grant grant) => JsonSerializer.Serialize(grant, new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });

    private void Add(Dictionary<Guid, Owned> records, Guid? about)
    {
        var (owner, _, unit) = PickOwner();
        var id = NewId();
        records.Add(id, new Owned(id, owner, unit, _random.Next(100), about));
    }

    // Most roles grant little, so that all that they do not grant is tried as well.
    private Grant NewGrant(bool isNote) => new(Depth(), Depth(), Depth(), Depth(), Depth(), Depth(), Depth(), Depth(), Chance(4), Chance(3) ? Pick(isNote ? [.. Filters, OverCase] : Filters) : null);

    private string Depth() => Chance(3) ? "none" : Pick(Depths);

    private Guid NewId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private T? PickOrNone<T>(List<T> among) => among.Count == 0 || Chance(5) ? default : Pick(among);
}
