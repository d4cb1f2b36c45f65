using System.Text.Json;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// From the lines of a script that runs to those of the file that its author wrote. Compiled scripts end with a source map in their last line:
/// revision 3 of the format, ECMA-426, of which only lines are read.
/// </summary>
internal sealed class SourceLines
{
    private const string MapStart = "//# sourceMappingURL=data:application/json;base64,";
    private readonly List<(int Column, int Line)[]>? _lines;

    private SourceLines(string script, List<(int Column, int Line)[]>? lines) => (Script, _lines) = (script, lines);

    /// <summary>The script without its map.</summary>
    public string Script { get; }

    /// <summary>Reads the map of a script; a script without one was written as it is.</summary>
    public static SourceLines Of(string script)
    {
        var start = StartOfMap(script);
        if (start == script.Length) return new SourceLines(script, null);
        try
        {
            using var map = JsonDocument.Parse(Convert.FromBase64String(script[(start + MapStart.Length)..].Trim()));
            return new SourceLines(script[..start], [.. Decode(map.RootElement.GetProperty("mappings").GetString() ?? "")]);
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new SourceLines(script, null);
        }
    }

    /// <summary>Where the script's map begins; its length where it has none.</summary>
    public static int StartOfMap(string script)
    {
        var start = script.LastIndexOf(MapStart, StringComparison.Ordinal);
        return start > 0 && script[start - 1] == '\n' ? start : script.Length;
    }

    /// <summary>The one-based line that the author wrote, of a one-based line and a zero-based column of the script; 0 where there is none.</summary>
    public int LineOf(int line, int column)
    {
        if (_lines is null || line <= 0) return line;
        if (line > _lines.Count) return 0;
        var found = _lines[line - 1].Where(segment => segment.Column <= column).Select(segment => segment.Line + 1).LastOrDefault();
        return found > 0 ? found : _lines[line - 1].Select(segment => segment.Line + 1).FirstOrDefault();
    }

    /// <summary>For each line of the script, where its parts begin and the zero-based lines that they come from.</summary>
    private static IEnumerable<(int Column, int Line)[]> Decode(string mappings)
    {
        var from = 0;
        foreach (var line in mappings.Split(';'))
        {
            var column = 0;
            var segments = new List<(int, int)>();
            foreach (var segment in line.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                var numbers = Numbers(segment);
                column += numbers[0];
                // A part of one number is the compiler's own and comes from no line.
                if (numbers.Count < 4) continue;
                from += numbers[2];
                segments.Add((column, from));
            }
            yield return [.. segments];
        }
    }

    /// <summary>Numbers in base 64 of variable length: five bits a digit, the lowest first; the sixth says that more follow, the lowest of all is the sign.</summary>
    private static List<int> Numbers(string segment)
    {
        const string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var numbers = new List<int>();
        var (value, shift) = (0, 0);
        foreach (var letter in segment)
        {
            var digit = digits.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0 || shift > 30) throw new FormatException("The source map is wrong.");
            value |= (digit & 31) << shift;
            shift += 5;
            if ((digit & 32) != 0) continue;
            numbers.Add((value & 1) != 0 ? -(value >> 1) : value >> 1);
            (value, shift) = (0, 0);
        }
        return numbers;
    }
}
