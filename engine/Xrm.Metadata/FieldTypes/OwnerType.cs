using System.Collections.Immutable;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>The user or team that a record belongs to.</summary>
public sealed class OwnerType : ReferenceFieldType
{
    private static readonly ImmutableArray<string> Kinds = ["user", "team"];

    /// <inheritdoc/>
    public override string Name => "owner";

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => [.. CommonSettings.Computing, "search", "unique"];

    /// <inheritdoc/>
    public override bool IsPolymorphic(Source.Field field) => true;

    /// <inheritdoc/>
    protected override IEnumerable<string> TargetNames(Field field) => Kinds;
}
