using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json;

namespace Xrm.Server.Hosting;

/// <summary>How the server writes JSON that it builds from C# types.</summary>
internal static class ApiJson
{
    /// <summary>Camel case, nulls left out, letters of all scripts as they are (answers are application/json, never HTML).</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
