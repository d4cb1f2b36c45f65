using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A number that the engine gives to a new record, in the <c>format</c> that the field says (<c>{00000}</c> where unsaid); see <see cref="AutoNumberFormat"/>.</summary>
public sealed class AutoNumberType : FieldType
{
    private const int LongestNumber = 100;

    /// <inheritdoc/>
    public override string Name => "autonumber";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Text;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["format"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => [.. CommonSettings.Computing, .. CommonSettings.Copying, "default", "createOnly", "recommended"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Text) { Computed = true }];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field) =>
        field.Format is { } format && AutoNumberFormat.FindMistake(format) is { } mistake ? [new("format", mistake, "Give text with one run of zeros in braces and, if wanted, {yyyy}, {yy}, {MM}, {dd}, e.g. C-{yyyy}-{00000}.")] : [];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        var (text, error) = TextValue.Read(json, "text");
        if (text is null) return error;
        if (TextValue.IsLongerThan(text, LongestNumber)) return ValueErrors.TooLong(LongestNumber);
        return TextValue.HasLineBreak(text) ? ValueErrors.LineBreak() : string.IsNullOrWhiteSpace(text) ? default : new(text);
    }
}
