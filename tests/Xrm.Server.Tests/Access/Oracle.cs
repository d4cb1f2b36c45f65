namespace Xrm.Server.Tests.Access;

/// <summary>Who may do what in an <see cref="Agency"/>, as docs/reference/access.md says it: slow, and plain to read.</summary>
internal sealed class Oracle(Agency agency)
{
    /// <summary>Whether a person may do something with a record at all, apart from which.</summary>
    public bool MayEver(Person person, bool isNote, string operation) => Grants(person, isNote).Any(grant => grant.Depth(operation) != "none");

    /// <summary>Whether a person may read records of that kind at all.</summary>
    public bool MayEverRead(Person person, bool isNote) => MayEver(person, isNote, "read") || Grants(person, isNote).Any(grant => grant.ReadReports);

    /// <summary>Whether a person may see a record.</summary>
    public bool MayRead(Person person, bool isNote, Owned record) => May(person, isNote, record, "read")
        || Grants(person, isNote).Any(grant => grant.ReadReports && Fulfils(person, grant.Filter, record) && agency.People.Exists(each => each.Id == record.Owner && ReportsTo(each, person)));

    /// <summary>Whether a role of a person reaches a record, by itself or because the record is shared.</summary>
    public bool May(Person person, bool isNote, Owned record, string operation) => MayByRole(person, isNote, record, operation)
        || (MayEver(person, isNote, operation) && IsShared(person, isNote, record, operation));

    /// <summary>Whether a role of a person reaches a record, whether it is shared or not.</summary>
    public bool MayByRole(Person person, bool isNote, Owned record, string operation) => Grants(person, isNote).Any(grant => Reaches(person, grant.Depth(operation), record) && Fulfils(person, grant.Filter, record));

    /// <summary>Whether a share of a record names an operation, for a person or a team of theirs.</summary>
    public bool IsShared(Person person, bool isNote, Owned record, string operation) => agency.Shares.Exists(share => share.IsNote == isNote && share.Record == record.Id && share.Rights.Contains(operation)
        && (share.Principal == person.Id || agency.Teams.Exists(team => team.Id == share.Principal && team.Members.Contains(person.Id))));

    /// <summary>Whether a record fulfils a filter. Of numbers that are not there none is larger or smaller.</summary>
    private bool Fulfils(Person person, string? filter, Owned record) => filter switch
    {
        null => true,
        "amount < 50" => record.Amount < 50,
        "amount >= user.amount_limit" => record.Amount >= person.Limit,
        "amount % 2 == 0" => record.Amount % 2 == 0,
        Agency.OverCase => record.Case is { } about && agency.Cases.TryGetValue(about, out var found) && found.Amount < 50,
        _ => throw new ArgumentException($"No filter of this test: {filter}", nameof(filter)),
    };

    private bool Reaches(Person person, string depth, Owned record)
    {
        var isOwn = record.Owner == person.Id;
        var isOfTeam = isOwn || agency.Teams.Exists(team => team.Id == record.Owner && team.Members.Contains(person.Id));
        var isOfUnit = isOfTeam || (person.Unit is not null && record.Unit == person.Unit);
        return depth switch
        {
            "none" => false,
            "own" => isOwn,
            "team" => isOfTeam,
            "unit" => isOfUnit,
            "unitAndBelow" => isOfUnit || (person.Unit is { } unit && record.Unit is { } other && IsBelow(other, unit)),
            _ => true,
        };
    }

    private bool IsBelow(Guid unit, Guid above) => agency.Units.Find(each => each.Id == unit)!.Parent is { } parent && (parent == above || IsBelow(parent, above));

    private bool ReportsTo(Person person, Person manager) => person.Manager is { } above && (above == manager.Id || ReportsTo(agency.People.Find(each => each.Id == above)!, manager));

    private IEnumerable<Grant> Grants(Person person, bool isNote) => person.Roles.Select(role => isNote ? agency.Roles[role].Notes : agency.Roles[role].Cases);
}
