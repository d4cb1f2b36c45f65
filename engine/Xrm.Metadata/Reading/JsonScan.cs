using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Reading;

/// <summary>
/// One pass over the tokens of a file: finds the line of every JSON path, properties that occur twice, and the place where
/// the text stops being JSON.
/// </summary>
internal sealed class JsonScan
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly Stack<Container> _open = new();
    private int _line = 1;
    private long _counted;

    /// <summary>Properties that occur twice in one object.</summary>
    public List<string> Duplicates { get; } = [];

    /// <summary>What stops the text from being JSON; null where it is JSON.</summary>
    public (int Line, string Message)? SyntaxError { get; private set; }

    private sealed class Container(string path, bool isArray)
    {
        public string Path => path;
        public bool IsArray => isArray;
        public int Count { get; set; }
        public string? Property { get; set; }
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>Scans a whole file.</summary>
    public static JsonScan Of(ReadOnlySpan<byte> json)
    {
        var scan = new JsonScan();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read()) scan.Take(ref reader, json);
        }
        catch (JsonException error)
        {
            scan.SyntaxError = ((int)(error.LineNumber ?? 0) + 1, WithoutPosition(error.Message));
        }
        return scan;
    }

    /// <summary>The file with its line numbers.</summary>
    public SourceFile ToFile(string package, string path) => new(package, path, _lines.ToFrozenDictionary(StringComparer.Ordinal));

    private void Take(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = reader.TokenStartIndex;
        _line += json[(int)_counted..(int)start].Count((byte)'\n');
        _counted = start;
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Property(reader.GetString()!);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _open.Pop();
                break;
            default:
                var path = ValuePath();
                _lines.TryAdd(path, _line);
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    _open.Push(new Container(path, reader.TokenType == JsonTokenType.StartArray));
                break;
        }
    }

    private void Property(string name)
    {
        var parent = _open.Peek();
        parent.Property = Append(parent.Path, name);
        if (!parent.Names.Add(name)) Duplicates.Add(parent.Property);
        // The line of a property is that of its name: that is where people look for it.
        _lines.TryAdd(parent.Property, _line);
    }

    private string ValuePath()
    {
        if (!_open.TryPeek(out var parent)) return "$";
        return parent.IsArray ? $"{parent.Path}[{parent.Count++}]" : parent.Property!;
    }

    /// <summary>The path of a property of the object at a path: <c>$.a.b</c>, or <c>$.a['b.c']</c> where the name needs it.</summary>
    public static string Append(string path, string name) => IsPlain(name) ? $"{path}.{name}" : $"{path}['{name.Replace("'", "\\'", StringComparison.Ordinal)}']";

    private static bool IsPlain(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$' or '-');

    private static string WithoutPosition(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).Trim();
    }

    /// <summary>Bytes that are not UTF-8: the one-based line of the first; null where all are.</summary>
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
}
