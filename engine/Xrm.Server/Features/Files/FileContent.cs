using System.Text;
using Xrm.Data.Errors;

namespace Xrm.Server.Features.Files;

/// <summary>Holds what a file says it is against what it begins with. Nothing here makes a file harmless: files are never shown inside the application, whatever they are.</summary>
internal static class FileContent
{
    private const string Unknown = "application/octet-stream";
    private const int Looked = 1024;

    // How files of a type begin; those of other types have no beginning in common.
    private static readonly (string Type, byte[][] Beginnings)[] Signatures =
    [
        ("image/png", [[0x89, .. "PNG\r\n\x1a\n"u8]]),
        ("image/jpeg", [[0xFF, 0xD8, 0xFF]]),
        ("image/gif", ["GIF87a"u8.ToArray(), "GIF89a"u8.ToArray()]),
        ("image/webp", ["RIFF"u8.ToArray()]),
        ("application/pdf", ["%PDF-"u8.ToArray()]),
        ("application/zip", ["PK\x03\x04"u8.ToArray(), "PK\x05\x06"u8.ToArray()]),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ["PK\x03\x04"u8.ToArray()]),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ["PK\x03\x04"u8.ToArray()]),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ["PK\x03\x04"u8.ToArray()]),
        ("application/gzip", [[0x1F, 0x8B]]),
    ];

    // What a browser would run. It is kept as a file without a type, so that nobody hands it on as a page.
    private static readonly string[] Active = ["html", "svg", "xml", "javascript", "ecmascript", "x-shockwave-flash", "x-msdownload", "hta"];
    private static readonly string[] Markup = ["<!doctype html", "<html", "<script", "<svg", "<?xml", "<body", "<iframe", "<head"];

    /// <summary>The type to keep a file under.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="declared">What whoever sends it calls it.</param>
    /// <exception cref="XrmException">400: it is something else than it says.</exception>
    public static string TypeOf(ReadOnlySpan<byte> content, string declared)
    {
        var type = declared.ToLowerInvariant();
        foreach (var (known, beginnings) in Signatures)
            if (known == type && !BeginsWithOneOf(content, beginnings))
                throw XrmException.Invalid([new FieldError("file", "file_type_mismatch", $"The file says that it is {declared}, and is something else. Send it with the type that it has.")]);
        return Active.Any(word => type.Contains(word, StringComparison.Ordinal)) || IsMarkup(content) || IsProgram(content) ? Unknown : type;
    }

    private static bool BeginsWithOneOf(ReadOnlySpan<byte> content, byte[][] beginnings)
    {
        foreach (var beginning in beginnings)
            if (content.StartsWith(beginning)) return true;
        return false;
    }

    private static bool IsProgram(ReadOnlySpan<byte> content) => content.StartsWith("MZ"u8) || content.StartsWith("\x7f\x45LF"u8) || content.StartsWith("#!"u8);

    // Browsers that guess look past what stands before the first mark, too.
    private static bool IsMarkup(ReadOnlySpan<byte> content)
    {
        var start = Encoding.Latin1.GetString(content[..Math.Min(Looked, content.Length)]).Replace("\0", "", StringComparison.Ordinal).TrimStart('\u00EF', '\u00BB', '\u00BF', '\u00FE', '\u00FF', ' ', '\t', '\r', '\n');
        return Markup.Any(mark => start.StartsWith(mark, StringComparison.OrdinalIgnoreCase)) || (start.StartsWith("<!--", StringComparison.Ordinal) && Markup.Any(mark => start.Contains(mark, StringComparison.OrdinalIgnoreCase)));
    }
}
