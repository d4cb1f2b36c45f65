using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>One of some options.</summary>
public sealed class ChoiceType : OptionFieldType
{
    /// <inheritdoc/>
    public override string Name => "choice";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Text;

    /// <inheritdoc/>
    public override ValueKind KindOf(Field field) => field.Column?.Type == ColumnType.Integer ? ValueKind.Number : ValueKind.Text;

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) =>
        [new(field.Name, OptionValues.AreIntegers(options) ? ColumnType.Integer : ColumnType.Text)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) => ReadOption(json, field, column.Type == ColumnType.Integer);
}
