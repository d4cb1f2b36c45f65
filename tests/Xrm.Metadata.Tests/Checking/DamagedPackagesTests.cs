using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Tests.Checking;

/// <summary>Whatever is done to a package, it is read and compiled without an exception, and every problem has a place.</summary>
public sealed class DamagedPackagesTests
{
    private static readonly string[] Values = ["null", "true", "0", "-1", "1e400", "99999999999999999999", "\"\"", "\"id\"", "\"Ä b\"", "[]", "{}", "[[]]", "{\"formula\":\"x\"}", "[null]"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Package_with_a_changed_value_gives_located_problems(int seed)
    {
        var random = new Random(seed);
        var (core, contracts) = await PackagesAsync();
        for (var round = 0; round < 25; round++)
        {
            var path = AnyFile(contracts, random);
            var root = JsonNode.Parse(contracts.Content[path].AsSpan())!;
            Change(root, random);
            AssertHandled(core, contracts, path, Encoding.UTF8.GetBytes(root.ToJsonString()));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Package_with_damaged_bytes_gives_located_problems(int seed)
    {
        var random = new Random(seed);
        var (core, contracts) = await PackagesAsync();
        for (var round = 0; round < 25; round++)
        {
            var path = AnyFile(contracts, random);
            var bytes = contracts.Content[path].ToArray();
            for (var i = 0; i < 3; i++) bytes[random.Next(bytes.Length)] = "\"{}[],:\\0a\n\u0001"u8[random.Next(12)];
            AssertHandled(core, contracts, path, bytes);
        }
    }

    private static void AssertHandled(PackageFiles core, PackageFiles contracts, string path, byte[] bytes)
    {
        var problems = APackage.Problems(core, contracts with { Content = contracts.Content.SetItem(path, [.. bytes]) });

        Assert.All(problems, problem => Assert.True(problem.Location.Path.StartsWith('$') && problem.Location.File.Length > 0, $"{path}: {problem}"));
    }

    private static async Task<(PackageFiles Core, PackageFiles Contracts)> PackagesAsync() => (await SmallAsync("core"), await SmallAsync("contracts"));

    private static async Task<PackageFiles> SmallAsync(string name)
    {
        var files = await PackageReader.ReadAsync(Repository.PathTo("metadata", "packages", name), CancellationToken.None);
        return files with { Content = files.Content.Where(file => !file.Key.StartsWith("data/", StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal) };
    }

    private static string AnyFile(PackageFiles files, Random random)
    {
        var json = files.Content.Keys.Where(path => path.EndsWith(".json", StringComparison.Ordinal)).ToList();
        return json[random.Next(json.Count)];
    }

    private static void Change(JsonNode root, Random random)
    {
        var places = Inside(root).ToList();
        var (owner, name, index) = places[random.Next(places.Count)];
        var value = random.Next(4) == 0 ? null : JsonNode.Parse(Values[random.Next(Values.Length)]);
        if (owner is JsonObject place && name is not null)
        {
            if (random.Next(5) == 0) place.Remove(name);
            else place[name] = value;
        }
        else owner.AsArray()[index] = value;
    }

    private static IEnumerable<(JsonNode Owner, string? Name, int Index)> Inside(JsonNode node)
    {
        if (node is JsonObject owner)
            foreach (var (name, value) in owner)
            {
                yield return (owner, name, 0);
                foreach (var inner in value is null ? [] : Inside(value)) yield return inner;
            }
        if (node is JsonArray list)
            for (var i = 0; i < list.Count; i++)
            {
                yield return (list, null, i);
                foreach (var inner in list[i] is { } item ? Inside(item) : []) yield return inner;
            }
    }
}
