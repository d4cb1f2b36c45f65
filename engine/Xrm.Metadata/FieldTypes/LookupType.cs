using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A record of one entity (<c>target</c>), of several (<c>targets</c>) or of any (<c>"target": "*"</c>).</summary>
public sealed class LookupType : ReferenceFieldType
{
    /// <inheritdoc/>
    public override string Name => "lookup";

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["target", "targets", "onDelete", "filter", "inverse"];

    /// <inheritdoc/>
    public override bool IsPolymorphic(Source.Field field) => !field.Targets.IsDefaultOrEmpty || field.Target == "*";

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field) => base.CheckSettings(field).Concat(CheckTargets(field));

    private static IEnumerable<SettingProblem> CheckTargets(Source.Field field)
    {
        if (field.Target is null && field.Targets.IsDefaultOrEmpty)
            yield return new("target", "The lookup does not say what it points to.", "Give \"target\" with the name of an entity, or \"targets\" with several.");
        if (field.Target is not null && !field.Targets.IsDefaultOrEmpty)
            yield return new("targets", "The lookup has both target and targets.", "Keep one of them.");
        if (!field.Targets.IsDefaultOrEmpty && field.Targets.Distinct().Count() < field.Targets.Length)
            yield return new("targets", "An entity is named twice.", "Name each entity once.");
    }
}
