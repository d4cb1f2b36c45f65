using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A record of the same entity, above this one in a hierarchy.</summary>
public sealed class ParentType : ReferenceFieldType
{
    /// <inheritdoc/>
    public override string Name => "parent";

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["onDelete", "filter", "inverse"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => [.. CommonSettings.Computing, .. CommonSettings.Copying, "search", "unique"];

    /// <inheritdoc/>
    public override bool IsPolymorphic(Source.Field field) => false;
}
