using System.Text.Json;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.Hosting;

namespace Xrm.Server.Features.Rules;

/// <summary>Values of columns as JSON.</summary>
internal static class JsonValue
{
    /// <summary>The value.</summary>
    /// <param name="value">Value in the CLR type of its column.</param>
    /// <param name="type">Type of the column.</param>
    public static JsonElement Of(object? value, ColumnType? type) => value is string text && type == ColumnType.Json
        ? JsonSerializer.Deserialize<JsonElement>(text)
        // 2.00 and 2 are one number, and people compare what they see.
        : JsonSerializer.SerializeToElement(value is decimal number ? number / 1.0000000000000000000000000000m : value, ApiJson.Options);
}
