using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>An uploaded file: written as its id, read as an object with id, name, size in bytes and contentType.</summary>
public sealed class FileType : FieldType
{
    /// <inheritdoc/>
    public override string Name => "file";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Uuid;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => [.. CommonSettings.Indexing, .. CommonSettings.Computing, "search", "default"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.Uuid)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) => IdValue.ReadFile(json);
}
