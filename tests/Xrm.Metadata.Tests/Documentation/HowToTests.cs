using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Tests.Documentation;

/// <summary>The pages of docs/how-to build one package together: a file's path stands in backquotes above its content.</summary>
public sealed partial class HowToTests
{
    [Fact]
    public async Task Package_of_the_how_to_pages_compiles_with_the_delivered_ones()
    {
        var shown = Shown();
        Assert.True(shown.Count >= 8, $"Only {shown.Count} files were found in docs/how-to.");
        var packages = new List<Package>();
        foreach (var folder in Directory.EnumerateDirectories(Repository.PathTo("metadata", "packages")))
            packages.Add(Parse(await PackageReader.ReadAsync(folder, CancellationToken.None)));
        packages.Add(Parse(new PackageFiles("permits", shown)));
        var (_, problems) = new ModelCompiler(FieldTypeRegistry.Default).Compile(packages);
        Assert.Empty(problems);
    }

    private static Package Parse(PackageFiles files)
    {
        var (package, problems) = PackageReader.Parse(files);
        Assert.Empty(problems);
        return package!;
    }

    private static ImmutableSortedDictionary<string, ImmutableArray<byte>> Shown() => Directory
        .EnumerateFiles(Repository.PathTo("docs", "how-to"), "*.md")
        .SelectMany(page => FileBlock().Matches(File.ReadAllText(page)))
        .ToImmutableSortedDictionary(
            block => block.Groups["path"].Value,
            block => ImmutableArray.Create(Encoding.UTF8.GetBytes(block.Groups["content"].Value)),
            StringComparer.Ordinal);

    [GeneratedRegex(@"^`metadata/packages/permits/(?<path>[^`]+)`\n\n```\w+\n(?<content>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FileBlock();
}
