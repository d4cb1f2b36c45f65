using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Any number of records of another entity, which can be linked from any number of records here. The pairs are records of a link entity. With <c>inverse</c>, the other entity has a field of that name that reads and writes the same pairs.</summary>
public sealed class LinksType : RelatedRecordsType
{
    /// <inheritdoc/>
    public override string Name => "links";

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["target", "through", "filter", "columns", "inverse"];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field)
    {
        if (field.Target is null or "*") yield return new("target", "The field does not say what it links to.", "Give \"target\" with the name of one entity.");
    }
}
