using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>True or false.</summary>
public sealed class BooleanType : FieldType
{
    /// <inheritdoc/>
    public override string Name => "boolean";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Boolean;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["unique", "search"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Boolean)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) => json.ValueKind switch
    {
        JsonValueKind.True => new(true),
        JsonValueKind.False => new(false),
        _ => ValueErrors.WrongType("true or false"),
    };
}
