using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Xrm.Data.Errors;
using Xrm.Data.Queries;

namespace Xrm.Server.Features.Data.Import;

/// <summary>One line of a file, which can have several lines of text where a value has.</summary>
/// <param name="Number">Number of its first line in the file, from 1.</param>
/// <param name="Cells">Its values, without the marks of <see cref="CsvGuard"/>; null for one that is empty, and an empty text for one in quotes.</param>
internal sealed record CsvLine(int Number, ImmutableArray<string?> Cells);

/// <summary>A file of comma-separated values (RFC 4180), read strictly: what is broken is told, and not guessed.</summary>
/// <param name="Separator">What stands between values: a comma, a semicolon or a tab, as the headings show.</param>
/// <param name="Headings">The first line.</param>
/// <param name="Rows">The others; lines without any value are left out.</param>
internal sealed record CsvFile(char Separator, ImmutableArray<string> Headings, IReadOnlyList<CsvLine> Rows)
{
    /// <summary>Most records that one request imports.</summary>
    public const int MostRows = 10_000;

    private const int MostColumns = 500;
    private const int LongestCell = 1_000_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">UTF-8, with or without a byte order mark.</param>
    /// <exception cref="XrmException">400: what is wrong with the file, with line and column.</exception>
    public static CsvFile Read(ReadOnlySpan<byte> bytes)
    {
        var text = Decode(bytes);
        var separator = SeparatorOf(text);
        var reader = new CsvReader(text, separator, LongestCell, MostColumns);
        var headings = reader.Next() ?? throw Empty("The file is empty. Its first line must name the columns.");
        var rows = new List<CsvLine>();
        while (reader.Next() is { } line)
        {
            if (line.Cells.All(cell => cell is null)) continue;
            if (line.Cells.Length != headings.Cells.Length)
                throw Problem("wrong_number_of_values", $"Line {line.Number} has {line.Cells.Length} values, and the first line names {headings.Cells.Length} columns.");
            if (rows.Count == MostRows) throw Problem("too_many_rows", $"At most {MostRows} records can be imported at once, and line {line.Number} is one more. Divide the file.");
            rows.Add(line);
        }
        if (rows.Count == 0) throw Empty("The file has headings and no records.");
        return new CsvFile(separator, [.. headings.Cells.Select((cell, index) => Heading(cell, index))], rows);
    }

    /// <summary>400 for a file that cannot be read.</summary>
    public static XrmException Problem(string code, string message, string? heading = null) => new(code, 400, message, heading is null ? [] : [new FieldError(heading, code, message)]);

    private static XrmException Empty(string message) => Problem("empty_file", message);

    private static string Heading(string? cell, int index) => cell?.Trim() is { Length: > 0 } heading ? heading : throw Problem("unknown_column", $"Line 1: column {index + 1} has no name.");

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        const string Remedy = "Save the file as CSV in UTF-8.";
        if (bytes.StartsWith<byte>([0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        else if (bytes.StartsWith<byte>([0xFF, 0xFE]) || bytes.StartsWith<byte>([0xFE, 0xFF])) throw Problem("wrong_charset", $"The file is UTF-16. {Remedy}");
        try
        {
            var text = Strict.GetString(bytes);
            var zero = text.IndexOf('\0', StringComparison.Ordinal);
            return zero < 0 ? text : throw Problem("wrong_charset", $"Line {LinesBefore(text.AsSpan(0, zero))} has a zero character: this is no text. {Remedy}");
        }
        catch (DecoderFallbackException broken)
        {
            throw Problem("wrong_charset", $"Line {1 + bytes[..Math.Clamp(broken.Index, 0, bytes.Length)].Count((byte)'\n')} is not UTF-8. {Remedy}");
        }
    }

    private static int LinesBefore(ReadOnlySpan<char> text) => 1 + text.Count('\n');

    /// <summary>The one of the three that stands most often in the first line, outside of quotes.</summary>
    private static char SeparatorOf(string text)
    {
        var (commas, semicolons, tabs, isQuoted) = (0, 0, 0, false);
        foreach (var sign in text)
        {
            if (sign == '"') isQuoted = !isQuoted;
            if (isQuoted) continue;
            if (sign is '\r' or '\n') break;
            if (sign == ',') commas++;
            else if (sign == ';') semicolons++;
            else if (sign == '\t') tabs++;
        }
        return tabs > commas && tabs > semicolons ? '\t' : semicolons > commas ? ';' : ',';
    }
}

/// <summary>Reads a text of CSV line by line.</summary>
/// <param name="text">The text.</param>
/// <param name="separator">What stands between values.</param>
/// <param name="longest">Most characters of a value.</param>
/// <param name="mostColumns">Most values of a line.</param>
internal sealed class CsvReader(string text, char separator, int longest, int mostColumns)
{
    private readonly SearchValues<char> _ends = SearchValues.Create([separator, '\r', '\n', '"']);
    private int _position;
    private int _line = 1;

    /// <summary>The next line; null at the end.</summary>
    /// <exception cref="XrmException">400: quotes are broken, or a limit is passed.</exception>
    public CsvLine? Next()
    {
        if (_position >= text.Length) return null;
        var number = _line;
        var cells = ImmutableArray.CreateBuilder<string?>();
        while (true)
        {
            if (cells.Count == mostColumns) throw CsvFile.Problem("too_many_columns", $"Line {number} has more than {mostColumns} columns.");
            var cell = _position < text.Length && text[_position] == '"' ? Quoted(cells.Count + 1) : Plain(cells.Count + 1);
            if (cell?.Length > longest) throw CsvFile.Problem("value_too_long", $"Line {number}, column {cells.Count + 1}: the value has more than {longest} characters.");
            cells.Add(cell is null ? null : CsvGuard.Remove(cell));
            if (_position >= text.Length || text[_position] != separator) break;
            _position++;
        }
        EndLine();
        return new CsvLine(number, cells.ToImmutable());
    }

    private string? Plain(int column)
    {
        var length = text.AsSpan(_position).IndexOfAny(_ends);
        var end = length < 0 ? text.Length : _position + length;
        if (end < text.Length && text[end] == '"') throw Malformed(_line, column, "a quote stands inside of a value that does not begin with one. Put the value in quotes, and double those inside");
        var cell = end == _position ? null : text[_position..end];
        _position = end;
        return cell;
    }

    private string Quoted(int column)
    {
        var (begin, cell) = (_line, new StringBuilder());
        _position++;
        while (true)
        {
            var length = text.AsSpan(_position).IndexOf('"');
            if (length < 0) throw Malformed(begin, column, "the quote with which the value begins is never closed");
            var part = text.AsSpan(_position, length);
            _line += Breaks(part);
            cell.Append(part);
            _position += length + 1;
            if (_position >= text.Length || text[_position] != '"') break;
            cell.Append('"');
            _position++;
        }
        if (_position < text.Length && text[_position] != separator && text[_position] is not ('\r' or '\n')) throw Malformed(_line, column, "something stands behind the closing quote. Double quotes inside of a value");
        return cell.ToString();
    }

    private void EndLine()
    {
        if (_position >= text.Length) return;
        _position += text[_position] == '\r' && _position + 1 < text.Length && text[_position + 1] == '\n' ? 2 : 1;
        _line++;
    }

    /// <summary>CR LF, LF and CR alone each end one line.</summary>
    private static int Breaks(ReadOnlySpan<char> part)
    {
        var breaks = part.Count('\n');
        for (var index = 0; index < part.Length; index++)
            if (part[index] == '\r' && (index + 1 == part.Length || part[index + 1] != '\n')) breaks++;
        return breaks;
    }

    private static XrmException Malformed(int line, int column, string what) => CsvFile.Problem("malformed_csv", $"Line {line}, column {column}: {what}.");
}
