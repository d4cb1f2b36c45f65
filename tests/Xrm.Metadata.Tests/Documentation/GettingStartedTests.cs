using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Tests.Documentation;

/// <summary>What docs/getting-started.md tells to add to a contract.</summary>
public sealed partial class GettingStartedTests
{
    [Fact]
    public async Task Field_and_rule_of_the_first_steps_fit_into_the_contracts()
    {
        var page = await File.ReadAllTextAsync(Repository.PathTo("docs", "getting-started.md"));
        var json = Json().Matches(page).Select(block => JsonNode.Parse(block.Groups["content"].Value.TrimEnd().TrimEnd(','))).ToList();
        Assert.Equal(2, json.Count);
        var packages = new List<Package>();
        foreach (var folder in Directory.EnumerateDirectories(Repository.PathTo("metadata", "packages")))
        {
            var files = await PackageReader.ReadAsync(folder, CancellationToken.None);
            packages.Add(PackageReader.Parse(files.Name == "contracts" ? With(files, json[0]!, json[1]!, page) : files).Package!);
        }
        var (model, problems) = new ModelCompiler(FieldTypeRegistry.Default).Compile(packages);
        Assert.Empty(problems);
        Assert.Contains(model!.FindEntity("contract")!.Rules, rule => rule.Name == "cost_center");
    }

    private static PackageFiles With(PackageFiles files, JsonNode field, JsonNode rule, string page)
    {
        var contract = JsonNode.Parse(files.Content["entities/contract.json"].AsSpan())!;
        contract["fields"]!.AsArray().Insert(2, field);
        contract["rules"]!.AsArray().Add(rule);
        var form = JsonNode.Parse(files.Content["forms/contract.main.json"].AsSpan())!;
        var section = form["tabs"]!.AsArray().SelectMany(tab => tab!["sections"]!.AsArray()).Single(section => section!["label"]?.GetValue<string>() == "Agreement");
        section!["fields"]!.AsArray().Add("cost_center");
        return files with
        {
            Content = files.Content
                .SetItem("entities/contract.json", Bytes(contract.ToJsonString()))
                .SetItem("forms/contract.main.json", Bytes(form.ToJsonString()))
                .SetItem("rules/contract.cost_center.js", Bytes(Script().Match(page).Groups["content"].Value)),
        };
    }

    private static ImmutableArray<byte> Bytes(string text) => [.. Encoding.UTF8.GetBytes(text)];

    [GeneratedRegex(@"^```json\n(?<content>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex(@"^```js\n(?<content>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Script();
}
