using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>What stands before the application, and what is above it: sign-in by a provider, and organisations.</summary>
[Collection(nameof(Workplace))]
public sealed class EntryTests(Workplace workplace)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_provider_has_a_button_that_fits_and_says_why_it_failed(ColorScheme scheme, int width)
    {
        var page = await workplace.Browser.OpenAsync(workplace.Server.Url, width, scheme: scheme);
        await Browser.WatchAsync(page, async () =>
        {
            // The server of all tests has no provider; that one is really asked is tested beside the server.
            await page.RouteAsync("**/api/auth/options", async route =>
            {
                const string options = """{ "passwordReset": true, "providers": [{ "key": "company", "name": "the shared sign-in of the Example Company and its daughters" }] }""";
                await route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = options });
            });
            await page.GotoAsync("/");
            var button = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Continue with the shared sign-in") });
            await Expect(button).ToBeVisibleAsync();
            Assert.True(await button.EvaluateAsync<bool>("element => [element, ...element.querySelectorAll('*')].every((each) => each.scrollWidth <= Math.max(each.clientWidth, each.offsetWidth))"), "The name is cut off.");
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
            await Hindrances.CheckAsync(page);
            await button.ClickAsync();
            await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

            await page.GotoAsync("/sign-in/company?code=made-up&state=made-up");
            await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await page.GetByRole(AriaRole.Link, new() { Name = "Back to sign-in" }).ClickAsync();
            await Expect(page.GetByLabel("User name")).ToBeVisibleAsync();
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Organisations_are_shown_and_one_is_begun_and_hinder_nobody(ColorScheme scheme, int width)
    {
        var page = await workplace.OpenAsync(width, scheme);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/organisations");
            await page.GetByRole(AriaRole.Button, new() { Name = "Main", Exact = true }).ClickAsync();
            var dialog = page.GetByRole(AriaRole.Dialog);
            await Expect(dialog.GetByText("The installation is administered from this organisation.")).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await page.Keyboard.PressAsync("Escape");
            await Expect(dialog).ToHaveCountAsync(0);

            await page.GetByRole(AriaRole.Button, new() { Name = "New organisation" }).ClickAsync();
            await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("North");
            await Hindrances.CheckAsync(page);
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
            await page.Keyboard.PressAsync("Escape");
            await Expect(dialog).ToHaveCountAsync(0);
        });
    }
}
