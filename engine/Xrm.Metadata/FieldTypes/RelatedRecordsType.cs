using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Types that stand for records stored elsewhere: they have no column.</summary>
public abstract class RelatedRecordsType : FieldType
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.None;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => CommonSettings.Stored.Remove("required");

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options) => [];

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column) => ValueErrors.NotStored();
}
