using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xrm.Data.Errors;

namespace Xrm.Server.Pipeline;

/// <summary>Refuses JSON whose texts are none: <c>"\ud83c"</c>, half of a surrogate pair, passes the reader, and fails where the text is used.</summary>
internal static class JsonTexts
{
    private const string Problem = "The text contains half of a surrogate pair, which is no character.";

    /// <summary>The JSON as it is.</summary>
    /// <exception cref="XrmException">400: a name (<c>invalid_json</c>) or a value (<c>validation_failed</c>, with its place) is no text.</exception>
    public static JsonElement Checked(JsonElement json)
    {
        // Hardly any body has an escape at all.
        if (JsonMarshal.GetRawUtf8Value(json).IndexOf("\\u"u8) >= 0) Read(json, "");
        return json;
    }

    private static void Read(JsonElement json, string path)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject()) Read(property.Value, path.Length == 0 ? Name(property) : $"{path}.{Name(property)}");
                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in json.EnumerateArray().Index()) Read(item, item.ValueKind == JsonValueKind.Object ? string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]") : path);
                break;
            case JsonValueKind.String when !IsText(json):
                throw new XrmException("validation_failed", 400, Problem, [new FieldError(path, "invalid_text", Problem)]);
        }
    }

    private static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new XrmException("invalid_json", 400, "A name in the body contains half of a surrogate pair, which is no character.");
        }
    }

    private static bool IsText(JsonElement text)
    {
        try
        {
            return text.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
