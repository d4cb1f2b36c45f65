using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Up to 100 free words or phrases of at most 100 characters. Case does not tell two tags apart: the first spelling stays. No tags is no value.</summary>
public sealed class TagsType : FieldType
{
    private const int MostTags = 100;
    private const int LongestTag = 100;

    /// <inheritdoc/>
    public override string Name => "tags";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.List;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["unique", "rollup"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.TextList)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) =>
        ListValue.Read(json, "a list of texts", MostTags, ReadTag, StringComparer.OrdinalIgnoreCase);

    private static ReadResult ReadTag(JsonElement json)
    {
        var (text, error) = TextValue.Read(json, "a list of texts");
        if (text is null) return error;
        var tag = text.Trim();
        if (TextValue.IsLongerThan(tag, LongestTag)) return ValueErrors.TooLong(LongestTag);
        return TextValue.HasLineBreak(tag) ? ValueErrors.LineBreak() : tag.Length == 0 ? default : new(tag);
    }
}
