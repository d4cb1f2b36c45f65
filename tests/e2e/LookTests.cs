using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>Every kind of page in the dark, on a phone, and by keyboard alone.</summary>
[Collection(nameof(Workplace))]
public sealed class LookTests(Workplace workplace)
{
    [Fact]
    public async Task Pages_fit_a_phone_and_hold_no_link_in_a_link()
    {
        var page = await workplace.OpenAsync(width: 375);
        await PageTour.EachAsync(page, async () =>
        {
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 375, page.Url);
            Assert.Equal(0, await page.Locator("a a, button button, a button").CountAsync());
        });
    }

    [Fact]
    public async Task Pages_are_dark_for_who_asks_for_it()
    {
        var page = await workplace.OpenAsync(scheme: ColorScheme.Dark);
        await PageTour.EachAsync(page, async () =>
        {
            var lightness = await page.EvaluateAsync<double[]>("""
                () => {
                  const of = (color) => { const [r, g, b] = color.match(/[\d.]+/g).map(Number); return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255; };
                  const main = getComputedStyle(document.querySelector('main'));
                  return [of(main.backgroundColor), of(main.color)];
                }
                """);
            Assert.True(lightness[0] < 0.2 && lightness[1] > 0.7, $"{page.Url}: background {lightness[0]}, text {lightness[1]}");
        });
    }

    [Fact]
    public async Task Record_is_found_changed_and_moved_on_by_keyboard_alone()
    {
        var page = await workplace.Browser.OpenAsync(workplace.Server.Url);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/contracts/contracts?view=contract.drafts");
            await Expect(page.GetByLabel("User name")).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync("admin");
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.TypeAsync(Workplace.Password);
            await page.Keyboard.PressAsync("Enter");

            var rows = page.Locator("[data-row]");
            await Expect(rows.First).ToBeVisibleAsync();
            await TabToAsync(page, rows.First);
            await page.Keyboard.PressAsync("ArrowDown");
            await Expect(rows.Nth(1)).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("Enter");

            var title = page.Locator("#field-title");
            await Expect(title).ToBeVisibleAsync();
            await TabToAsync(page, title);
            await page.Keyboard.PressAsync("End");
            await page.Keyboard.TypeAsync(" by keyboard");
            await page.Keyboard.PressAsync("Control+s");
            await Expect(page.GetByText("Unsaved changes")).ToHaveCountAsync(0);
            await Expect(title).ToBeFocusedAsync();

            var activate = page.GetByRole(AriaRole.Button, new() { Name = "Activate" });
            await TabToAsync(page, activate, backwards: true);
            await page.Keyboard.PressAsync("Enter");
            await Expect(activate).ToHaveCountAsync(0);
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Suspend" })).ToBeVisibleAsync();
        });
    }

    /// <summary>Presses Tab until the element has the focus; whatever has it on the way shows that it does.</summary>
    private static async Task TabToAsync(IPage page, ILocator wanted, bool backwards = false)
    {
        for (var step = 0; step < 60; step++)
        {
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement")) return;
            await page.Keyboard.PressAsync(backwards ? "Shift+Tab" : "Tab");
        }
        Assert.Fail($"Tab does not lead to {wanted}.");
    }
}
