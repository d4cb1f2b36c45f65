using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Several of some options, each once, kept in the order of the options (others, where accepted, last). None is no value.</summary>
public sealed class ChoicesType : OptionFieldType
{
    private const int MostValues = 1_000;

    /// <inheritdoc/>
    public override string Name => "choices";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.List;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["unique", "rollup"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) =>
        [new(field.Name, OptionValues.AreIntegers(options) ? ColumnType.IntegerList : ColumnType.TextList)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) => column.Type == ColumnType.IntegerList
        ? InOrder<long>(ListValue.Read<long>(json, "a list of whole numbers", MostValues, element => ReadOption(element, field, integers: true)), field)
        : InOrder<string>(ListValue.Read<string>(json, "a list of texts", MostValues, element => ReadOption(element, field, integers: false)), field);

    private static ReadResult InOrder<T>(ReadResult result, Field field)
        where T : notnull
    {
        if (result.Value is not T[] values) return result;
        var order = new Dictionary<T, int>();
        foreach (var option in field.Options)
            if (OptionValues.ValueOf(option) is T value) order.TryAdd(value, order.Count);
        return new(values.OrderBy(value => order.GetValueOrDefault(value, int.MaxValue)).ToArray());
    }
}
