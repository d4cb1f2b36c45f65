using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>An id from elsewhere, of 128 bits.</summary>
public sealed class UuidType : FieldType
{
    /// <inheritdoc/>
    public override string Name => "uuid";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Uuid;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["search"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Uuid)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) => IdValue.Read(json);
}
