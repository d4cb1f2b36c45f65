using System.Diagnostics;
using Xrm.Server.Features.OpenApi;

namespace Xrm.Server.Tests.Queries;

/// <summary>The OpenAPI documents of several people, held against the specification by validators from outside. See tests/openapi.</summary>
public sealed class OpenApiValidatorTests(SpecimenServer server) : IClassFixture<SpecimenServer>
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "openapi");

    [Fact]
    public async Task Documents_are_as_the_specification_says()
    {
        Assert.True(Directory.Exists(Path.Combine(Folder, "node_modules")), $"The validators are not installed: run npm ci in {Folder}, or ./tests/run, which does.");
        var files = Directory.CreateTempSubdirectory("xrm-openapi");
        var names = new List<string>();
        foreach (var role in new[] { "clerk", "reader", "legal", "editor", "planner", "nobody" })
            await AddAsync(role, OpenApiDocument.Build(QueryModel.Published, QueryModel.Person(role)).ToJsonString());
        await AddAsync("everything", await server.Client.Http.GetStringAsync("/api/openapi.json"));

        var start = new ProcessStartInfo("node", ["check.mjs", .. names]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        files.Delete(recursive: true);
        Assert.True(process.ExitCode == 0, $"{output}\n{await said}");
        Assert.Equal(names.Count, output.Split('\n').Count(line => line.StartsWith("ok: ", StringComparison.Ordinal)));

        async Task AddAsync(string name, string document)
        {
            names.Add(Path.Combine(files.FullName, $"{name}.json"));
            await File.WriteAllTextAsync(names[^1], document);
        }
    }
}
