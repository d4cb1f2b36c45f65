using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Up to 100 uploaded files in order, each once: written as their ids, read as objects with id, name, size in bytes and contentType. No files is no value.</summary>
public sealed class FilesType : FieldType
{
    private const int MostFiles = 100;

    /// <inheritdoc/>
    public override string Name => "files";

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.List;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => [.. CommonSettings.Indexing, .. CommonSettings.Computing, "search", "default"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [new(field.Name, ColumnType.UuidList)];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) => ListValue.Read<Guid>(json, "a list of file ids", MostFiles, IdValue.ReadFile);
}
