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
    public static string Write(Action<Utf8JsonWriter> write)
    {
        using var bytes = Bytes(write);
        return Encoding.UTF8.GetString(bytes.Written);
    }

    /// <summary>What a piece of code writes, as a value to read again.</summary>
    /// <param name="write">Writes one value.</param>
    public static JsonElement Read(Action<Utf8JsonWriter> write)
    {
        using var bytes = Bytes(write);
        return JsonSerializer.Deserialize<JsonElement>(bytes.Written);
    }

    private static PooledBytes Bytes(Action<Utf8JsonWriter> write)
    {
        var bytes = new PooledBytes(2048);
        try
        {
            using var writer = new Utf8JsonWriter(bytes, Options);
            write(writer);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
