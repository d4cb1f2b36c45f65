using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>The converted Common Data Model, opened by a person: lists and forms that the engine makes by itself.</summary>
[Collection(nameof(Workplace))]
public sealed class ConvertedModelTests(Workplace workplace, ITestOutputHelper output)
{
    [Fact]
    public async Task Every_list_and_form_opens_without_a_mistake()
    {
        var source = FindSharedModel();
        if (source is null)
        {
            output.WriteLine("Not run: there is no folder shared/data/common-data-model beside the repository.");
            return;
        }
        var package = Path.Combine(Directory.CreateTempSubdirectory("xrm-cdm-").FullName, "cdm");
        var (code, said, error) = await RunningServer.RunCommandAsync("convert", "cdm", source, "--out", package);
        Assert.True(code == 0, said + error);
        await workplace.PublishAsync(package);

        var page = await workplace.OpenAsync();
        var mistakes = new List<string>();
        page.PageError += (_, message) => mistakes.Add($"{page.Url}: {message}");
        page.Console += (_, message) =>
        {
            if (message.Type == "error") mistakes.Add($"{page.Url}: {message.Text}");
        };
        foreach (var file in Directory.EnumerateFiles(Path.Combine(package, "entities")))
        {
            var plural = (string)JsonNode.Parse(await File.ReadAllTextAsync(file))!["plural"]!;
            await page.GotoAsync($"/cdm/{plural}");
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = "New", Exact = true }).First).ToBeVisibleAsync();
            await page.GotoAsync($"/cdm/{plural}/new");
            await Expect(page.Locator("main form [id^=field-]").First).ToBeVisibleAsync();
            // Hundreds of fields at once are slow, and nobody finds anything among them.
            Assert.InRange(await page.Locator("main form label[for^=field-]").CountAsync(), 1, 60);
        }
        Assert.Empty(mistakes);
    }

    private static string? FindSharedModel()
    {
        for (var folder = new DirectoryInfo(Repository.Root); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "shared", "data", "common-data-model");
            if (Directory.Exists(shared)) return shared;
        }
        return null;
    }
}
