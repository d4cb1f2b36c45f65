using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Xrm.Architecture.Tests;

public sealed partial class ArrowTests
{
    /// <summary>Project by project: what it may reference. docs/architecture.md draws the same.</summary>
    private static readonly Dictionary<string, string[]> Permitted = new()
    {
        ["engine/Xrm.Metadata"] = [],
        ["engine/Xrm.Formulas"] = ["Xrm.Metadata"],
        ["engine/Xrm.Data"] = ["Xrm.Metadata", "Xrm.Formulas"],
        ["engine/Xrm.Scripting"] = ["Xrm.Metadata"],
        ["plugins/Xrm.Plugins"] = ["Xrm.Metadata"],
        ["plugins/webhooks"] = ["Xrm.Plugins"],
        ["engine/Xrm.Server"] = ["Xrm.Metadata", "Xrm.Formulas", "Xrm.Data", "Xrm.Scripting", "Xrm.Plugins"],
    };

    public static TheoryData<string> Projects => [.. Permitted.Keys];

    [Theory, MemberData(nameof(Projects))]
    public void Project_references_only_what_the_architecture_permits(string folder)
    {
        var project = Directory.GetFiles(Path.Combine(SourceTree.Root, folder), "*.csproj").Single();
        var references = XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Empty(references.Except(Permitted[folder]));
    }

    [Theory]
    [InlineData("Npgsql", "engine/Xrm.Data/")]
    [InlineData("Dapper", "engine/Xrm.Data/")]
    [InlineData("Jint", "engine/Xrm.Scripting/")]
    [InlineData("HandlebarsDotNet", "engine/Xrm.Server/Features/Workflows/Templates.cs")]
    public void Library_is_named_in_one_place_only(string library, string place)
    {
        var pattern = new Regex($@"^\s*using\s+(static\s+)?{library}\b|\b{library}\.[A-Z]", RegexOptions.Multiline);
        var strangers = SourceTree.CSharp("engine", "plugins").Where(file => !file.Path.StartsWith(place, StringComparison.Ordinal) && pattern.IsMatch(file.Text));
        Assert.Empty(strangers.Select(file => file.Path));
    }

    [Fact]
    public void Feature_references_no_other_feature()
    {
        // Jobs offers the background loop and the retry schedule to the others: a room, not a feature of its own.
        var wrong = SourceTree.CSharp("engine/Xrm.Server/Features").SelectMany(file =>
            FeatureUse().Matches(file.Text).Select(use => use.Groups[1].Value)
                .Where(used => used != "Jobs" && used != file.Path.Split('/')[3])
                .Select(used => $"{file.Path} uses {used}"));
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"using Xrm\.Server\.Features\.(\w+)")]
    private static partial Regex FeatureUse();
}
