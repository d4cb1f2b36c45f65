using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Xrm.Data.Sql;

/// <summary>JSON that goes to the database as a text, or is read again.</summary>
public static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What a piece of code writes.</summary>
    /// <param name="write">Writes one value.</param>
    public static string Write(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Bytes(write).Span);

    /// <summary>What a piece of code writes, as a value to read again.</summary>
    /// <param name="write">Writes one value.</param>
    public static JsonElement Read(Action<Utf8JsonWriter> write) => JsonSerializer.Deserialize<JsonElement>(Bytes(write).Span);

    private static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return buffer.WrittenMemory;
    }
}
