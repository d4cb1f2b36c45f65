using System.Text.RegularExpressions;

namespace Xrm.Server.Tests.Documentation;

/// <summary>What <c>docs/security.md</c> names as proof is there.</summary>
public sealed partial class SecurityPageTests
{
    // Requirements of level 3 alone, and those that 4.0.3 has taken out.
    private static readonly Dictionary<int, string> Lines = new()
    {
        [1] = "1.1-7 2.1-4 4.1 4.4-5 5.1-4 6.1-4 7.1-2 8.1-2 9.1-2 10.1 11.1-2 12.2 14.1-6",
        [2] = "1.1-12 2.1-3 3.1-3 4.1-5 5.1-7 6.1-3 7.1-6 8.1-7 9.1-3 10.1-4",
        [3] = "1.1 2.1-4 3.1-4 4.1-5 5.1-3 7.1",
        [4] = "1.1-3 1.5 2.1-2 3.1-3",
        [5] = "1.1-5 2.1-8 3.1-10 4.1-3 5.1-4",
        [6] = "1.1-3 2.1-6 3.1-2 4.1-2",
        [7] = "1.1-4 2.1-2 3.1 3.3-4 4.1-3",
        [8] = "1.1-4 2.1-3 3.1-8",
        [9] = "1.1-3 2.1-4",
        [10] = "2.1-2 3.1-3",
        [11] = "1.1-8",
        [12] = "1.1-3 2.1 3.1-6 4.1-2 5.1-2 6.1",
        [13] = "1.1 1.3-5 2.1-3 2.5-6 3.1-2 4.1-2",
        [14] = "1.1-4 2.1-6 3.2-3 4.1-7 5.1-4",
    };

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));

    [Fact]
    public void Tests_that_the_page_names_are_there()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(file => Path.GetFileNameWithoutExtension(file));
        var named = Named().Matches(Page);
        Assert.NotEmpty(named);
        Assert.Empty(named.Where(name => !sources[name.Groups["class"].Value].Any(file => File.ReadAllText(file).Contains($" {name.Groups["method"].Value}", StringComparison.Ordinal))).Select(name => name.Value));
    }

    [Fact]
    public void Every_requirement_of_levels_1_and_2_has_a_line()
    {
        var written = Line().Matches(Page).SelectMany(line => line.Groups["first"].Value.Split(", ").Select(first => (first, line.Groups["last"].Value)))
            .SelectMany(each => each.Value.Length == 0 ? [each.first] : Between(each.first, each.Value)).ToHashSet();
        Assert.Empty(Lines.SelectMany(chapter => chapter.Value.Split(' ').SelectMany(each => Expand($"{chapter.Key}.{each}"))).Except(written));
    }

    private static IEnumerable<string> Expand(string lines) => lines.Split('-') is [var first, var last] ? Between(first, $"{first[..first.LastIndexOf('.')]}.{last}") : [lines];

    private static IEnumerable<string> Between(string first, string last)
    {
        var section = first[..(first.LastIndexOf('.') + 1)];
        var (from, to) = (Number(first), Number(last));
        return Enumerable.Range(from, to - from + 1).Select(number => $"{section}{number}");
    }

    private static int Number(string line) => int.Parse(line[(line.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"`(?<class>\w+Tests)(\.(?<method>\w+))?`")]
    private static partial Regex Named();

    [GeneratedRegex(@"^\| (?<first>\d+\.\d+\.\d+(, \d+\.\d+\.\d+)*)(–(?<last>\d+\.\d+\.\d+))? \|", RegexOptions.Multiline)]
    private static partial Regex Line();
}
