using System.Security.Cryptography;
using System.Text;

namespace Xrm.Metadata.Source;

/// <summary>
/// What <c>xrm build</c> makes of a script in TypeScript: a JavaScript file of the same name beside it, whose first line says what it was made from. Both
/// belong to the package, and a package in which they do not fit is not published.
/// </summary>
public static class BuiltScript
{
    /// <summary>How the names of sources end.</summary>
    public const string SourceEnding = ".ts";

    /// <summary>True where the file has to be compiled before it can run.</summary>
    /// <param name="script">File name under <c>rules/</c>.</param>
    public static bool IsSource(string script) => script.EndsWith(SourceEnding, StringComparison.Ordinal);

    /// <summary>Name of the output of a source.</summary>
    public static string OutputOf(string source) => $"{source[..^SourceEnding.Length]}.js";

    /// <summary>Name of the source of an output.</summary>
    public static string SourceOf(string output) => $"{output[..^".js".Length]}{SourceEnding}";

    /// <summary>The output: the header, and what was compiled.</summary>
    /// <param name="name">File name of the source.</param>
    /// <param name="source">Text of the source.</param>
    /// <param name="body">What was compiled from it.</param>
    public static string Write(string name, string source, string body) => Header(name, source, body) + body;

    /// <summary>True where the output was made from the source as it is, and was not changed since.</summary>
    /// <param name="name">File name of the source.</param>
    /// <param name="source">Text of the source.</param>
    /// <param name="output">Text of the output.</param>
    public static bool Fits(string name, string source, string output)
    {
        var plain = WithPlainLines(output);
        var end = plain.IndexOf('\n', StringComparison.Ordinal) + 1;
        return end > 0 && plain[..end] == Header(name, source, plain[end..]);
    }

    private static string Header(string name, string source, string body) => $"// Made from {name} by xrm build; do not edit. source {Hash(source)} output {Hash(body)}\n";

    // Git can write other line ends on another machine; that makes it no other script.
    private static string Hash(string text) => $"sha256-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(WithPlainLines(text))))}";

    private static string WithPlainLines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);
}
