using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Data;

/// <summary>The answer to a write of many records: what became of each, in their order.</summary>
internal static class RowResults
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpResponse response, ImmutableArray<RowResult> results)
    {
        response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(response.BodyWriter, Options);
        Write(writer, results);
    }

    /// <summary>Writes all rows as one object.</summary>
    public static void Write(Utf8JsonWriter writer, ImmutableArray<RowResult> results)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("value"u8);
        for (var row = 0; row < results.Length; row++) Write(writer, row, results[row]);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, int row, RowResult result)
    {
        writer.WriteStartObject();
        writer.WriteNumber("row"u8, row);
        writer.WriteNumber("status"u8, result.Refusal?.Status ?? StatusCodes.Status201Created);
        if (result.Refusal is { } refusal)
        {
            writer.WriteString("code"u8, refusal.Code);
            writer.WriteString("detail"u8, refusal.Message);
            if (!refusal.Errors.IsEmpty) WriteErrors(writer, refusal);
        }
        else
        {
            writer.WriteString("id"u8, result.Id);
            writer.WriteString("@odata.etag"u8, $"W/\"{result.Version}\"");
            if (result.Messages is { Count: > 0 } messages) MessageAnnotation.Write(writer, messages);
        }
        writer.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter writer, Xrm.Data.Errors.XrmException refusal)
    {
        writer.WriteStartArray("errors"u8);
        foreach (var error in refusal.Errors)
        {
            writer.WriteStartObject();
            if (error.Field is not null) writer.WriteString("field"u8, error.Field);
            writer.WriteString("code"u8, error.Code);
            writer.WriteString("message"u8, error.Message);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
