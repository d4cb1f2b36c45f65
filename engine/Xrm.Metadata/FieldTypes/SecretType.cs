using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>
/// A text that is kept encrypted, apart from its record: a password, a key, a number of a card. It is written like a text under the field's name, and
/// read by a call of its own. The record holds when it was changed, and nothing where there is none. <c>maxLength</c> 4,000 where unsaid, 20,000 at most.
/// </summary>
public sealed class SecretType : FieldType
{
    private const int DefaultMaxLength = 4_000;
    private const int LargestMaxLength = 20_000;

    /// <inheritdoc/>
    public override string Name => "secret";

    /// <summary>No value of a record: it is not part of it.</summary>
    public override ValueKind Kind => ValueKind.None;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["maxLength"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => [.. CommonSettings.Indexing, .. CommonSettings.Computing, .. CommonSettings.Copying, "search", "default", "copy"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new($"{field.Name}_changed_at", ColumnType.Timestamp) { Computed = true }];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field) => SettingChecks.MaxLength(field, LargestMaxLength, int.MaxValue);

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        var (text, error) = TextValue.Read(json, "text");
        if (text is null) return error;
        var most = field.Source.MaxLength ?? DefaultMaxLength;
        // White space may be part of a secret; a secret of nothing else is none.
        return TextValue.IsLongerThan(text, most) ? ValueErrors.TooLong(most) : string.IsNullOrWhiteSpace(text) ? default : new ReadResult(text);
    }
}
