using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xrm.Metadata.Source;

namespace Xrm.Server.Tests.Documentation;

/// <summary>
/// The package that docs/rules.md builds: a file's path stands in backquotes above its content; <c>, in `rules`</c> behind the path adds to that list of
/// the file.
/// </summary>
internal static partial class RulesPage
{
    public static PackageFiles Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Match block in FileBlock().Matches(Text()))
        {
            var (path, list, content) = (block.Groups["path"].Value, block.Groups["list"].Value, block.Groups["content"].Value);
            files[path] = list.Length == 0 ? content : With(files[path], list, content);
        }
        return new PackageFiles("trainings", files.ToImmutableSortedDictionary(file => file.Key, file => ImmutableArray.Create(Encoding.UTF8.GetBytes(file.Value)), StringComparer.Ordinal));
    }

    /// <summary>The body shown for a request.</summary>
    public static string Request(string line) =>
        RequestBlock().Matches(Text()).Single(block => block.Groups["line"].Value == line).Groups["content"].Value;

    private static string Text() => File.ReadAllText(Path.Combine(Repository.Root, "docs", "rules.md"));

    private static string With(string file, string list, string items)
    {
        var content = JsonNode.Parse(file)!;
        foreach (var item in JsonNode.Parse($"[{items}]")!.AsArray()) content[list]!.AsArray().Add(item!.DeepClone());
        return content.ToJsonString();
    }

    [GeneratedRegex(@"^`metadata/packages/trainings/(?<path>[^`]+)`(?:, in `(?<list>\w+)`)?\n\n```\w+\n(?<content>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FileBlock();

    [GeneratedRegex(@"^`(?<line>POST [^`]+)`\n\n```json\n(?<content>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex RequestBlock();
}
