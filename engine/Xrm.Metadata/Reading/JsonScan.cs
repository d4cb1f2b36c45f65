using System.Text;
using System.Text.Json;

namespace Xrm.Metadata.Reading;

/// <summary>Passes over the tokens of a file, for what a parser does not tell: lines, and properties that occur twice.</summary>
internal static class JsonScan
{
    public const int DeepestNesting = 64;

    /// <summary>Where and why the text stops being JSON; null where it is JSON.</summary>
    public static (int Line, string Message)? FindSyntaxError(ReadOnlySpan<byte> json)
    {
        var reader = Reader(json);
        try
        {
            while (reader.Read())
                // Half a surrogate pair is JSON by its grammar, but no text: it shows when the text is asked for.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) reader.GetString();
            return null;
        }
        catch (InvalidOperationException)
        {
            return (json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1, "A text has half a surrogate pair, which stands for no character.");
        }
        catch (JsonException error)
        {
            return ((int)(error.LineNumber ?? 0) + 1, WithoutPosition(error.Message));
        }
    }

    /// <summary>Paths of the properties that occur twice in one object.</summary>
    public static IEnumerable<string> Duplicates(JsonElement json, string path = "$")
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in json.EnumerateArray())
            {
                if (item.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                    foreach (var duplicate in Duplicates(item, $"{path}[{index}]")) yield return duplicate;
                index++;
            }
        }
        if (json.ValueKind != JsonValueKind.Object) yield break;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (!names.Add(property.Name)) yield return Append(path, property.Name);
            if (property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) continue;
            foreach (var duplicate in Duplicates(property.Value, Append(path, property.Name))) yield return duplicate;
        }
    }

    /// <summary>One-based line by JSON path. The line of a property is that of its name: that is where people look for it.</summary>
    public static Dictionary<string, int> Lines(ReadOnlySpan<byte> json)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var open = new Stack<(string Path, bool IsArray, int Count, string Property)>();
        var reader = Reader(json);
        var line = 1;
        var counted = 0;
        while (reader.Read())
        {
            line += json[counted..(int)reader.TokenStartIndex].Count((byte)'\n');
            counted = (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                continue;
            }
            var path = "$";
            if (open.TryPop(out var parent))
            {
                path = reader.TokenType == JsonTokenType.PropertyName ? Append(parent.Path, reader.GetString()!) : parent.IsArray ? $"{parent.Path}[{parent.Count++}]" : parent.Property;
                open.Push(parent with { Property = path });
            }
            lines.TryAdd(path, line);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) open.Push((path, reader.TokenType == JsonTokenType.StartArray, 0, ""));
        }
        return lines;
    }

    /// <summary>The path of a property of the object at a path: <c>$.a.b</c>, or <c>$.a['b.c']</c> where the name needs it.</summary>
    public static string Append(string path, string name) => IsPlain(name) ? $"{path}.{name}" : $"{path}['{name.Replace("'", "\\'", StringComparison.Ordinal)}']";

    /// <summary>The one-based line of the first byte that is not UTF-8; null where all are.</summary>
    public static int? FirstLineNotUtf8(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (position < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[position..], out _, out var length) != System.Buffers.OperationStatus.Done)
                return bytes[..position].Count((byte)'\n') + 1;
            position += length;
        }
        return null;
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = DeepestNesting });

    private static bool IsPlain(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$' or '-');

    private static string WithoutPosition(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).Trim();
    }
}
