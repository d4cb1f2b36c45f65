using System.Collections.Immutable;

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
    string Entity, Guid Id, ExplainedUser User, Guid? Owner, Guid? OwningUnit, string Distance, bool IsOfReport, ImmutableArray<ExplainedOperation> Operations, ImmutableArray<ExplainedField> Fields);

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
/// <param name="Filter">Formula that a record must fulfil besides; null where there is none.</param>
/// <param name="Fulfils">The record fulfils the filter; null where there is none.</param>
internal sealed record ExplainedRole(string Name, string Label, string Depth, bool Reaches, bool WithReports, string? Filter, bool? Fulfils);

/// <summary>A field that not everybody may see or write.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Label">What people call it.</param>
/// <param name="CanRead">The user sees its value.</param>
/// <param name="IsMasked">The user sees a part of its value.</param>
/// <param name="CanWrite">The user may change its value, where they may change the record.</param>
/// <param name="ReadRoles">Roles that see it; empty for all.</param>
/// <param name="MaskedRoles">Roles that see a part of it, <c>*</c> for everybody.</param>
/// <param name="WriteRoles">Roles that may write it; empty for all.</param>
internal sealed record ExplainedField(
    string Name, string Label, bool CanRead, bool IsMasked, bool CanWrite, ImmutableArray<string> ReadRoles, ImmutableArray<string> MaskedRoles, ImmutableArray<string> WriteRoles);
