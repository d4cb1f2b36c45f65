using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Types of several texts (<c>name_first</c>, <c>name_last</c>) and one that the engine puts together from them (<c>name</c>).</summary>
public abstract class CompositeTextType : FieldType, ICompositeField
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Text;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => [.. CommonSettings.Computing, .. CommonSettings.Copying, "unique", "default"];

    /// <summary>The parts, in the order of the form, with their longest texts in characters.</summary>
    protected abstract ImmutableArray<(string Name, int MaxLength)> Parts { get; }

    /// <summary>The whole from its parts.</summary>
    /// <param name="part">Text of the part of that name; null where it has none.</param>
    protected abstract string Join(Func<string, string?> part);

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) =>
    [
        new(field.Name, ColumnType.Text) { Computed = true, IsWords = true },
        .. Parts.Select(part => new Column($"{field.Name}_{part.Name}", ColumnType.Text) { Part = part.Name, IsWords = true }),
    ];

    /// <inheritdoc/>
    public override bool FitsIndex(Source.Field field) => Parts.Sum(part => part.MaxLength) <= TextFieldType.LongestIndexed;

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field) => SettingChecks.Suffixes(field, [.. Parts.Select(part => part.Name)]);

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        var (text, error) = TextValue.Read(json, "text");
        if (text is null) return error;
        var limit = column.Part.Length == 0 ? Parts.Sum(part => part.MaxLength) : Parts.First(part => part.Name == column.Part).MaxLength;
        if (TextValue.IsLongerThan(text, limit)) return ValueErrors.TooLong(limit);
        if (TextValue.HasLineBreak(text)) return ValueErrors.LineBreak();
        return string.IsNullOrWhiteSpace(text) ? default : new(text.Trim());
    }

    /// <inheritdoc/>
    public void Complete(Field field, IDictionary<string, object?> values)
    {
        var whole = Join(part => values.TryGetValue($"{field.Name}_{part}", out var value) ? value as string : null);
        values[field.Name] = whole.Length == 0 ? null : whole;
    }

    /// <summary>The parts that have text, with the separator between them.</summary>
    protected static string JoinPresent(string separator, params string?[] parts) =>
        string.Join(separator, parts.Where(part => !string.IsNullOrWhiteSpace(part)));
}
