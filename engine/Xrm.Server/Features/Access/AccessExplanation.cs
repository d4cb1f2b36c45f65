using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline.Steps;

namespace Xrm.Server.Features.Access;

/// <summary>Why somebody can or cannot do what with a record.</summary>
/// <param name="Entity">Name of the record's entity.</param>
/// <param name="Id">The record.</param>
/// <param name="User">About whom it speaks.</param>
/// <param name="Owner">User or team that owns the record; null for none.</param>
/// <param name="OwningUnit">Business unit that the record belongs to; null for none.</param>
/// <param name="Distance">The least depth that reaches the record: <c>own</c>, <c>team</c>, <c>unit</c>, <c>unitAndBelow</c> or <c>organisation</c>.</param>
/// <param name="IsOfReport">Its owner reports to the user.</param>
/// <param name="Operations">What can be done with a record, and which roles decide it.</param>
/// <param name="Fields">Fields that have rights of their own.</param>
internal sealed record AccessExplanation(
    string Entity, Guid Id, ExplainedUser User, Guid? Owner, Guid? OwningUnit, string Distance, bool IsOfReport, ImmutableArray<ExplainedOperation> Operations, ImmutableArray<ExplainedField> Fields)
{
    private static readonly Operation[] OfRecords = [Operation.Read, Operation.Update, Operation.Delete, Operation.Assign, Operation.Share];

    /// <summary>Explains it.</summary>
    /// <param name="caller">About whom.</param>
    /// <param name="entity">Entity of the record.</param>
    /// <param name="record">The record.</param>
    /// <param name="shares">What shares of the record let them do.</param>
    public static AccessExplanation Of(Caller caller, Entity entity, RecordValues record, ShareRights shares)
    {
        var (owner, unit) = CheckRights.Ownership(entity, record);
        var distance = entity.IsUserOwned ? caller.Distance(owner, unit) : Depth.Organisation;
        var isOfReport = owner is { } person && caller.Membership.Reports.Contains(person);
        return new AccessExplanation(entity.Name, record.Id, new ExplainedUser(caller.UserId, caller.DisplayName, caller.IsUnlimited), owner, unit, Written(distance), isOfReport,
            [.. OfRecords.Where(operation => operation is not (Operation.Assign or Operation.Share) || entity.IsUserOwned).Select(operation => Explain(caller, entity, operation, (record, shares), distance, isOfReport))],
            [.. entity.Fields.Where(field => field.Source.Access is { } access && (!access.Read.IsDefaultOrEmpty || !access.Write.IsDefaultOrEmpty))
                .Select(field => new ExplainedField(field.Name, field.Label, caller.CanReadField(field), caller.CanWriteField(field), field.Source.Access!.Read, field.Source.Access.Write))]);
    }

    private static ExplainedOperation Explain(Caller caller, Entity entity, Operation operation, (RecordValues Record, ShareRights Shares) about, Depth distance, bool isOfReport)
    {
        // What one cannot see one cannot change, and what one cannot change one cannot give away.
        Operation[] needed = operation switch
        {
            Operation.Read => [Operation.Read],
            Operation.Assign => [Operation.Read, Operation.Update, Operation.Assign],
            _ => [Operation.Read, operation],
        };
        bool Reaches(Operation each) => CheckRights.Reaches(caller, each, entity, about.Record, about.Shares);
        return new ExplainedOperation(operation.ToString().ToLowerInvariant(), needed.All(Reaches), about.Shares.HasFlag(operation.Right()),
            [.. needed.Where(each => each != operation && !Reaches(each)).Select(each => each.ToString().ToLowerInvariant())],
            [.. caller.Grants(entity, operation).Select(grant => new ExplainedRole(grant.Role.Name, grant.Role.Label ?? grant.Role.Name, Written(grant.Depth),
                grant.Depth >= distance || (grant.WithReports && isOfReport), grant.WithReports))]);
    }

    private static string Written(Depth depth) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(depth.ToString());
}

/// <summary>About whom an explanation speaks.</summary>
/// <param name="Id">Id of the user.</param>
/// <param name="Name">What people call them.</param>
/// <param name="MayEverything">An administrator, whom no role is needed for.</param>
internal sealed record ExplainedUser(Guid Id, string Name, bool MayEverything);

/// <summary>Whether something can be done with a record.</summary>
/// <param name="Operation"><c>read</c>, <c>update</c>, <c>delete</c>, <c>assign</c> or <c>share</c>.</param>
/// <param name="IsAllowed">It can.</param>
/// <param name="IsShared">The record is shared with them, or with a team of theirs, for that. It counts where a role grants it for records of their own.</param>
/// <param name="Lacks">Operations that it needs besides and that are not allowed.</param>
/// <param name="Roles">What each role of the user says of it.</param>
internal sealed record ExplainedOperation(string Operation, bool IsAllowed, bool IsShared, ImmutableArray<string> Lacks, ImmutableArray<ExplainedRole> Roles);

/// <summary>What a role says of an operation.</summary>
/// <param name="Name">Name of the role.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Depth">How far it grants it; <c>none</c> where it does not.</param>
/// <param name="Reaches">It reaches the record.</param>
/// <param name="WithReports">It also reaches the records of those who report to the user.</param>
internal sealed record ExplainedRole(string Name, string Label, string Depth, bool Reaches, bool WithReports);

/// <summary>A field that not everybody may see or write.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Label">What people call it.</param>
/// <param name="CanRead">The user sees its value.</param>
/// <param name="CanWrite">The user may change its value, where they may change the record.</param>
/// <param name="ReadRoles">Roles that see it; empty for all.</param>
/// <param name="WriteRoles">Roles that may write it; empty for all.</param>
internal sealed record ExplainedField(string Name, string Label, bool CanRead, bool CanWrite, ImmutableArray<string> ReadRoles, ImmutableArray<string> WriteRoles);
