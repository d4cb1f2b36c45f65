using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>What axe finds wrong on the pages: nothing that hinders people.</summary>
[Collection(nameof(Workplace))]
public sealed class AccessibilityTests(Workplace workplace)
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(Repository.Root, "designer", "node_modules", "axe-core", "axe.min.js"));

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_hinder_nobody(ColorScheme scheme)
    {
        var page = await workplace.OpenAsync(scheme: scheme);
        await PageTour.EachAsync(page, () => CheckAsync(page));
        var visitor = await workplace.Browser.OpenAsync(workplace.Server.Url, scheme: scheme);
        await visitor.GotoAsync("/");
        await Expect(visitor.GetByLabel("User name")).ToBeVisibleAsync();
        await CheckAsync(visitor);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 375)]
    public async Task What_opens_over_a_form_hinders_nobody(ColorScheme scheme, int width)
    {
        var page = await workplace.OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/contracts/contracts/new");
            await page.Locator("#field-account").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
            await CheckAsync(page);
            await page.Keyboard.PressAsync("Escape");

            await page.Locator("#field-starts_on").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Next", Exact = true })).ToBeVisibleAsync();
            await CheckAsync(page);
            await page.Keyboard.PressAsync("Escape");

            await page.Locator("#field-title").FillAsync("Left behind");
            await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Contracts" }).First.ClickAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Leave without saving?");
            await CheckAsync(page);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 375)]
    public async Task Jobs_show_how_far_they_came_and_hinder_nobody(ColorScheme scheme, int width)
    {
        var page = await workplace.OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/jobs");
            // Every record refuses it, so that nothing is changed for others.
            await page.EvaluateAsync("""
                async () => await fetch('/api/data/accounts?all=true', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: null }) })
                """);
            await page.ReloadAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^\\d+ failed$") }).First).ToBeVisibleAsync();
            await CheckAsync(page);
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^\\d+ failed$") }).First.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Listitem).First).ToBeVisibleAsync();
            await CheckAsync(page);
        });
    }

    private static async Task CheckAsync(IPage page)
    {
        // What fades in has less contrast on its way.
        await page.WaitForFunctionAsync("() => document.getAnimations().every((animation) => animation.playState !== 'running')");
        await page.EvaluateAsync(Axe);
        var found = await page.EvaluateAsync<JsonElement>("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .filter((violation) => ['serious', 'critical'].includes(violation.impact))
              .map((violation) => `${violation.help}: ${violation.nodes.map((node) => node.html.slice(0, 200)).join(' ')}`)
            """);
        Assert.True(found.GetArrayLength() == 0, $"{page.Url}\n{string.Join('\n', found.EnumerateArray())}");
    }
}
