using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Xrm.Server.Pipeline;

/// <summary>Puts what rules told into the answer to a write, as the annotation <c>@xrm.messages</c> of the record, and what an action returned as <c>@xrm.result</c>.</summary>
internal static class MessageAnnotation
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The record with its messages at the end; the record as it is where there are none.</summary>
    /// <param name="record">A JSON object that has properties.</param>
    /// <param name="messages">What was told; null for nothing.</param>
    /// <param name="result">JSON of what an action returned; null for nothing.</param>
    public static ArrayBufferWriter<byte> On(ArrayBufferWriter<byte> record, IReadOnlyList<SaveMessage>? messages, string? result)
    {
        if ((messages is not { Count: > 0 } && result is null) || record.WrittenCount == 0) return record;
        var output = new ArrayBufferWriter<byte>(record.WrittenCount + 256);
        output.Write(record.WrittenSpan[..^1]);
        output.Write(","u8);
        var annotation = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(annotation, Options))
        {
            writer.WriteStartObject();
            if (messages is { Count: > 0 }) Write(writer, messages);
            if (result is not null)
            {
                writer.WritePropertyName("@xrm.result"u8);
                writer.WriteRawValue(result);
            }
            writer.WriteEndObject();
        }
        output.Write(annotation.WrittenSpan[1..]);
        return output;
    }

    /// <summary>Writes the annotation as a property.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<SaveMessage> messages)
    {
        writer.WriteStartArray("@xrm.messages"u8);
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, message.Kind);
            if (message.Field is not null) writer.WriteString("field"u8, message.Field);
            writer.WriteString("message"u8, message.Message);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
