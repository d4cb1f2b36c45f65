using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A number of stars, from 1 to <c>max</c> (5 where unsaid, 20 at most). No stars is no value.</summary>
public sealed class RatingType : WholeNumberType
{
    private const int DefaultMax = 5;
    private const int LargestMax = 20;

    /// <inheritdoc/>
    public override string Name => "rating";

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["max"];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field)
    {
        if (field.Max is { } max && (max < 2 || max > LargestMax || max != decimal.Truncate(max)))
            yield return new("max", $"max is {SettingChecks.Text(max)}.", $"Give a whole number from 2 to {SettingChecks.Text(LargestMax)}.");
    }

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) => ReadWhole(json, 1, field.Source.Max ?? DefaultMax);
}
