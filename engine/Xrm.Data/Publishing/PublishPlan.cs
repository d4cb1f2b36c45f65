using System.Collections.Frozen;
using System.Collections.Immutable;
using Npgsql;
using Xrm.Data.Access;
using Xrm.Data.Schema;
using Xrm.Metadata;
using Xrm.Metadata.Source;

namespace Xrm.Data.Publishing;

/// <summary>What somebody wants published.</summary>
/// <param name="Packages">Packages to install or replace; all others stay as they are, but for those to be removed.</param>
/// <param name="Drop">What may be deleted with its data: <c>entity</c> or <c>entity.field</c>.</param>
/// <param name="BaseVersion">Version that the packages were made from: another one in force is a conflict. Null to take any.</param>
/// <param name="Caller">Who publishes.</param>
public sealed record PublishRequest(IReadOnlyCollection<PackageFiles> Packages, IReadOnlySet<string> Drop, long? BaseVersion, Caller Caller)
{
    /// <summary>Names of packages to take out of force. Their entities and fields are hidden and keep their data, unless <see cref="Drop"/> names them.</summary>
    public IReadOnlySet<string> Remove { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Through what it came, one of <see cref="Auditing.AuditSources"/>.</summary>
    public string Source { get; init; } = Auditing.AuditSources.System;

    /// <summary>IP address of the client; null where nobody asked over the network.</summary>
    public string? Address { get; init; }
}

/// <summary>What a publish would do, or why it cannot be done.</summary>
/// <param name="Packages">The packages of the request against those in force.</param>
/// <param name="Changes">Steps on the tables, in order.</param>
/// <param name="Problems">All mistakes of the packages, or all that the records have against the change; empty where it can be done.</param>
/// <param name="BaseVersion">Version in force when the plan was made; 0 before the first publish.</param>
public sealed record PublishPlan(ImmutableArray<PackageChange> Packages, ImmutableArray<SchemaChange> Changes, ImmutableArray<Problem> Problems, long BaseVersion)
{
    /// <summary>What still speaks of things that go, though nothing refuses that: names in scripts, roles in formulas. They stand in the way of nothing.</summary>
    public ImmutableArray<Problem> Warnings { get; init; } = [];

    /// <summary>True where packages and tables are already as wanted.</summary>
    public bool IsEmpty => Problems.IsEmpty && Changes.IsEmpty && Packages.All(package => package.State == PackageState.Unchanged);
}

/// <summary>One package of a publish.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">How it compares with what is in force.</param>
/// <param name="Files">Paths of files that are new, changed or gone.</param>
public sealed record PackageChange(string Name, PackageState State, ImmutableArray<string> Files);

/// <summary>How a package compares with what is in force.</summary>
public enum PackageState
{
    /// <summary>Byte for byte the same.</summary>
    Unchanged,

    /// <summary>In force with other files.</summary>
    Changed,

    /// <summary>Not in force.</summary>
    New,

    /// <summary>In force, and to be taken out of it.</summary>
    Removed,
}

/// <summary>The end of a publish.</summary>
/// <param name="Version">Version now in force; null where the plan has problems and nothing was changed.</param>
/// <param name="Plan">What was done, or why nothing was.</param>
public sealed record PublishResult(long? Version, PublishPlan Plan);

/// <summary>The moment inside a publish at which the tables are as the new model wants them and nothing is committed: for starter data and package tests.</summary>
/// <param name="Transaction">The transaction of the publish. What throws in it undoes the whole publish.</param>
/// <param name="Next">The new model, with the version that it will have.</param>
/// <param name="Plan">What was done.</param>
public sealed record PublishStep(NpgsqlTransaction Transaction, PublishedModel Next, PublishPlan Plan);
