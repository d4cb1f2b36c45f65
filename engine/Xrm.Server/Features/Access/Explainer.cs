using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Access;

/// <summary>Explains what somebody can do with a record.</summary>
/// <param name="related">About whom, and the other records at which filters may look.</param>
/// <param name="entity">Entity of the record.</param>
/// <param name="record">The record.</param>
/// <param name="shares">What shares of the record let them do.</param>
internal sealed class Explainer(RelatedRecords related, Entity entity, RecordValues record, ShareRights shares)
{
    private static readonly Operation[] OfRecords = [Operation.Read, Operation.Update, Operation.Delete, Operation.Assign, Operation.Share, Operation.Export, Operation.Import];

    private readonly RecordRights _rights = new(related);

    private Caller Caller => related.Caller;

    /// <summary>The explanation.</summary>
    public async Task<AccessExplanation> ExplainAsync(CancellationToken ct)
    {
        var (owner, unit) = RecordRights.Ownership(entity, record);
        var distance = entity.IsUserOwned ? Caller.Distance(owner, unit) : Depth.Organisation;
        var isOfReport = owner is { } person && Caller.Membership.Reports.Contains(person);
        var operations = ImmutableArray.CreateBuilder<ExplainedOperation>();
        foreach (var operation in OfRecords.Where(Applies)) operations.Add(await ExplainAsync(operation, distance, isOfReport, ct));
        return new AccessExplanation(entity.Name, record.Id, new ExplainedUser(Caller.UserId, Caller.DisplayName, Caller.IsUnlimited), owner, unit, Written(distance), isOfReport,
            operations.ToImmutable(), [.. entity.Fields.Where(field => field.Source.Access is { Read.IsDefaultOrEmpty: false } or { Write.IsDefaultOrEmpty: false }).Select(Explain)]);
    }

    // What nobody owns can be neither given away nor shared; settings are one record, which the publish makes.
    private bool Applies(Operation operation) => operation switch
    {
        Operation.Assign or Operation.Share => entity.IsUserOwned,
        Operation.Import => !entity.IsSettings,
        _ => true,
    };

    private ExplainedField Explain(Field field)
    {
        var access = field.Source.Access!;
        return new ExplainedField(field.Name, field.Label, Caller.CanReadField(field), Caller.MaskOf(field) is not null, Caller.CanWriteField(field), access.Read, access.Masked, access.Write);
    }

    private async Task<ExplainedOperation> ExplainAsync(Operation operation, Depth distance, bool isOfReport, CancellationToken ct)
    {
        // What one cannot see one cannot change, and what one cannot change one cannot give away. An import makes records such as this one.
        Operation[] needed = operation switch
        {
            Operation.Read => [],
            Operation.Assign => [Operation.Read, Operation.Update],
            Operation.Import => [Operation.Create],
            _ => [Operation.Read],
        };
        var lacks = ImmutableArray.CreateBuilder<string>();
        foreach (var each in needed)
            if (!await _rights.ReachesAsync(each, entity, record, shares, ct)) lacks.Add(each.ToString().ToLowerInvariant());
        var isAllowed = lacks.Count == 0 && await _rights.ReachesAsync(operation, entity, record, shares, ct);
        var roles = ImmutableArray.CreateBuilder<ExplainedRole>();
        foreach (var grant in Caller.Grants(entity, operation))
        {
            bool? fulfils = grant.Filter is { } filter ? await _rights.HoldsAsync(filter, entity, record, ct) : null;
            var reaches = (grant.Depth >= distance || (grant.WithReports && isOfReport)) && fulfils != false;
            roles.Add(new ExplainedRole(grant.Role.Name, grant.Role.Label ?? grant.Role.Name, Written(grant.Depth), reaches, grant.WithReports, grant.Filter?.Text, fulfils));
        }
        return new ExplainedOperation(operation.ToString().ToLowerInvariant(), isAllowed, shares.HasFlag(operation.Right()) && operation.Right() != ShareRights.None, lacks.ToImmutable(), roles.ToImmutable());
    }

    private static string Written(Depth depth) => JsonNamingPolicy.CamelCase.ConvertName(depth.ToString());
}
