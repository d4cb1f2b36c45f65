using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Writing;

/// <summary>Writes the files of the format as everybody's diffs want them: properties in the order of the record, defaults left out, two spaces, a final newline.</summary>
public static class JsonFileWriter
{
    /// <summary>The bytes of a file. Equal records give equal bytes.</summary>
    /// <param name="value">A record of <see cref="Source"/> that is a whole file, such as <see cref="Entity"/>.</param>
    /// <typeparam name="T">The record's type.</typeparam>
    public static ImmutableArray<byte> Write<T>(T value)
        where T : notnull
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, SourceJson.Options);
        return [.. json, (byte)'\n'];
    }
}
