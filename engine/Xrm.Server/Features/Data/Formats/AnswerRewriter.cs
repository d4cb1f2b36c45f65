using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xrm.Data.Queries;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.OData;

namespace Xrm.Server.Features.Data.Formats;

/// <summary>Turns answers in the usual JSON, as they come, into one that says more or less about itself, or writes numbers as texts.</summary>
/// <param name="format">The form wanted.</param>
/// <param name="shape">What the outermost object has.</param>
/// <param name="links">Writes where records are.</param>
/// <param name="output">Where to.</param>
internal sealed class AnswerRewriter(AnswerFormat format, AnswerShape shape, RecordLinks links, IBufferWriter<byte> output) : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly AnswerProperty Number = new(ColumnType.Integer);
    private static readonly AnswerShape File = new(null, ImmutableDictionary<string, AnswerProperty>.Empty.Add("id", new(ColumnType.Uuid)).Add("name", new(ColumnType.Text)).Add("size", Number).Add("contentType", new(ColumnType.Text)));

    private readonly Utf8JsonWriter _writer = new(output, Options);
    private readonly Stack<Frame> _frames = new();
    private JsonReaderState _state;
    private string? _name;
    private AnswerProperty? _property;
    private bool _isControl;

    /// <summary>A list of such rows.</summary>
    public static AnswerShape ListOf(AnswerShape rows) => new(null, ImmutableDictionary<string, AnswerProperty>.Empty.Add("value", new AnswerProperty(ColumnType.Json, rows)));

    /// <summary>Writes the next part of the answer.</summary>
    /// <param name="json">What there is.</param>
    /// <param name="isLast">Nothing follows.</param>
    /// <returns>Up to where it was understood; what stands behind that is to be handed in again, with more.</returns>
    public SequencePosition Write(ReadOnlySequence<byte> json, bool isLast)
    {
        var reader = new Utf8JsonReader(json, isLast, _state);
        while (reader.Read()) Write(ref reader);
        _state = reader.CurrentState;
        _writer.Flush();
        return reader.Position;
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void Write(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName: Begin(reader.GetString()!); break;
            case JsonTokenType.EndObject: _frames.Pop(); _writer.WriteEndObject(); break;
            case JsonTokenType.EndArray: _frames.Pop(); _writer.WriteEndArray(); break;
            default: Value(ref reader); break;
        }
    }

    private void Begin(string name)
    {
        (_name, _property, _isControl) = (name, null, false);
        if (_frames.Peek().Shape is not { } known) return;
        _isControl = name.Contains("@odata.", StringComparison.Ordinal);
        _property = _isControl ? name.EndsWith("@odata.count", StringComparison.Ordinal) ? Number : null : known.Properties.GetValueOrDefault(name);
    }

    private void Value(ref Utf8JsonReader reader)
    {
        var property = _name is null ? _frames.TryPeek(out var list) ? list.Items : null : _property;
        if (_name is not null)
        {
            var name = _name;
            _name = null;
            if (_isControl && format.Level == MetadataLevel.None && !IsKept(name)) return;
            if (format.Level == MetadataLevel.Full && !_isControl && _frames.Peek().Shape is { } known) Describe(name, known, property, ref reader);
            _writer.WritePropertyName(name);
        }
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: Open(property); break;
            case JsonTokenType.StartArray:
                _frames.Push(new Frame(null, property));
                _writer.WriteStartArray();
                break;
            case JsonTokenType.Number: WriteNumber(ref reader, property); break;
            case JsonTokenType.String: _writer.WriteStringValue(reader.GetString()); break;
            case JsonTokenType.Null: _writer.WriteNullValue(); break;
            default: _writer.WriteBooleanValue(reader.GetBoolean()); break;
        }
    }

    private void Open(AnswerProperty? property)
    {
        var inner = _frames.Count == 0 ? shape : property is { IsFile: true } ? File : property?.Rows;
        _frames.Push(new Frame(inner, null));
        _writer.WriteStartObject();
        if (inner == File && format.Level == MetadataLevel.Full) _writer.WriteString("@odata.type"u8, "#Xrm.File"u8);
    }

    /// <summary>What stands before a property: its type, and before the id what the record is and where.</summary>
    private void Describe(string name, AnswerShape known, AnswerProperty? property, ref Utf8JsonReader reader)
    {
        if (name == "id" && known.Entity is { } entity) links.Write(_writer, entity, reader.GetString()!, known.ShowsAll);
        if (reader.TokenType != JsonTokenType.Null && TypeName(property) is { } type) _writer.WriteString($"{name}@odata.type", type);
    }

    private void WriteNumber(ref Utf8JsonReader reader, AnswerProperty? property)
    {
        var digits = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        if (format.IsIeee754 && property?.Type is ColumnType.Integer or ColumnType.Decimal or ColumnType.IntegerList) _writer.WriteStringValue(digits);
        else _writer.WriteRawValue(digits, skipInputValidation: true);
    }

    private static bool IsKept(string name) => name.EndsWith("@odata.count", StringComparison.Ordinal) || name.EndsWith("@odata.nextLink", StringComparison.Ordinal) || name.EndsWith("@odata.deltaLink", StringComparison.Ordinal);

    /// <summary>Types that JSON does not tell by itself.</summary>
    private static string? TypeName(AnswerProperty? property) => property switch
    {
        null or { Rows: not null } or { IsFile: true } => null,
        _ => property.Type switch
        {
            ColumnType.Integer => "#Int64",
            ColumnType.Decimal => "#Decimal",
            ColumnType.Float => "#Double",
            ColumnType.Uuid => "#Guid",
            ColumnType.Date => "#Date",
            ColumnType.Timestamp => "#DateTimeOffset",
            ColumnType.Time => "#TimeOfDay",
            ColumnType.TextList => "#Collection(String)",
            ColumnType.IntegerList => "#Collection(Int64)",
            ColumnType.UuidList => "#Collection(Guid)",
            _ => null,
        },
    };

    /// <summary>An object or an array that is open.</summary>
    /// <param name="Shape">What an object has; null for free JSON and for arrays.</param>
    /// <param name="Items">What an array's items are; null for free JSON and for objects.</param>
    private readonly record struct Frame(AnswerShape? Shape, AnswerProperty? Items);
}
