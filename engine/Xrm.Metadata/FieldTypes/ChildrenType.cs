using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Records of a child entity that belong to this one, edited and saved with it.</summary>
public sealed class ChildrenType : RelatedRecordsType
{
    /// <inheritdoc/>
    public override string Name => "children";

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["entity", "via", "columns"];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field)
    {
        if (field.Entity is null) yield return new("entity", "The field does not say whose records it holds.", "Give \"entity\" with the name of the child entity.");
        if (field.Via is null) yield return new("via", "The field does not say how its records point here.", "Give \"via\" with the name of the child's lookup to this entity.");
    }
}
