using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>
/// Types that store one text. A text of white space alone counts as no value. Lengths are in characters (Unicode code points).
/// </summary>
public abstract class TextFieldType : FieldType
{
    /// <summary>Longest text, in characters, that an index entry of PostgreSQL (2,704 bytes) holds with any alphabet.</summary>
    internal const int LongestIndexed = 600;

    private readonly PatternCache _patterns = new();

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Text;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["maxLength", "pattern"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Masks => IsSingleLine ? ["none", "lastFour", "firstLetter", "domain"] : ["none"];

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => IsSingleLine ? [] : CommonSettings.Indexing;

    /// <summary>Longest text of a field that does not say <c>maxLength</c>.</summary>
    protected abstract int DefaultMaxLength { get; }

    /// <summary>Largest <c>maxLength</c> that a field may say.</summary>
    protected virtual int LargestMaxLength => DefaultMaxLength;

    /// <summary>Line breaks are refused.</summary>
    protected virtual bool IsSingleLine => true;

    /// <summary>People read the text as words (<see cref="Column.IsWords"/>).</summary>
    protected virtual bool IsWords => true;

    /// <summary>Longest permitted text of one field, in characters.</summary>
    public int MaxLength(Source.Field field) => field.MaxLength ?? DefaultMaxLength;

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Text) { IsWords = IsWords }];

    /// <inheritdoc/>
    public override bool FitsIndex(Source.Field field) => IsSingleLine && MaxLength(field) <= LongestIndexed;

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field) =>
        [.. SettingChecks.MaxLength(field, LargestMaxLength, LongestIndexed), .. SettingChecks.Pattern(field)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        var (text, error) = TextValue.Read(json, "text");
        if (text is null) return error;
        // Before anything expensive looks at it.
        if (TextValue.IsLongerThan(text, MaxLength(field.Source))) return ValueErrors.TooLong(MaxLength(field.Source));
        if (string.IsNullOrWhiteSpace(text)) return default;
        if (IsSingleLine && TextValue.HasLineBreak(text)) return ValueErrors.LineBreak();
        var result = Normalise(text);
        return result is { Ok: true, Value: string value } ? CheckResult(value, field.Source) : result;
    }

    /// <summary>The text as it is stored, or what is wrong with it.</summary>
    /// <param name="text">Text that is not empty and not too long.</param>
    protected virtual ReadResult Normalise(string text) => new(text);

    private ReadResult CheckResult(string text, Source.Field field)
    {
        if (TextValue.IsLongerThan(text, MaxLength(field))) return ValueErrors.TooLong(MaxLength(field));
        return _patterns.Matches(field, text) ? new ReadResult(text) : ValueErrors.Pattern(field.Pattern!);
    }
}
