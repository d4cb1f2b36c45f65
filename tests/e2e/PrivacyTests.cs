using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>Secrets on a form, and what is done on screen with all that is kept about a person.</summary>
[Collection(nameof(Workplace))]
public sealed class PrivacyTests(Workplace workplace)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_secret_is_revealed_changed_and_removed(ColorScheme scheme, int width)
    {
        await workplace.PublishAsync(Path.Combine(Repository.Root, "tests", "packages", "confidential"));
        var page = await OpenAsync(scheme, width);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/account");
            var id = await CreateAsync(page, "payees", "{ name: 'Acme', password: 'correct horse' }");
            await page.GotoAsync($"/confidential/payees/{id}");
            var secret = page.GetByRole(AriaRole.Group, new() { Name = "Password for payments" });
            await Expect(secret.GetByRole(AriaRole.Img, new() { Name = "Hidden" })).ToBeVisibleAsync();
            await secret.GetByRole(AriaRole.Button, new() { Name = "Reveal" }).ClickAsync();
            await Expect(secret.GetByText("correct horse")).ToBeVisibleAsync();
            await FitsAsync(page, width);
            await secret.GetByRole(AriaRole.Button, new() { Name = "Hide" }).ClickAsync();
            await Expect(secret.GetByText("correct horse")).ToHaveCountAsync(0);

            await secret.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
            await Expect(page.GetByLabel("Password for payments")).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync("battery staple");
            await Hindrances.CheckAsync(page);
            await SaveAsync(page);
            await secret.GetByRole(AriaRole.Button, new() { Name = "Reveal" }).ClickAsync();
            await Expect(secret.GetByText("battery staple")).ToBeVisibleAsync();

            await secret.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
            await SaveAsync(page);
            await Expect(secret.GetByRole(AriaRole.Button, new() { Name = "Enter" })).ToBeVisibleAsync();
            await Expect(secret.GetByRole(AriaRole.Button, new() { Name = "Reveal" })).ToHaveCountAsync(0);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task A_person_is_collected_and_erased(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(scheme, width);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/account");
            var id = await CreateAsync(page, "contacts", "{ name_first: 'Imogen', name_last: 'Featherstone', email: 'imogen.featherstone@example.org' }");
            await page.GotoAsync($"/crm/contacts/{id}");
            await page.GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
            await Hindrances.CheckAsync(page);
            await page.GetByRole(AriaRole.Menuitem, new() { Name = "Privacy…" }).ClickAsync();
            await Expect(page.GetByText("Contact: 1")).ToBeVisibleAsync();
            await FitsAsync(page, width);
            await page.GetByRole(AriaRole.Button, new() { Name = "Collect everything" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Download the ZIP" })).ToBeFocusedAsync();

            await page.GetByRole(AriaRole.Button, new() { Name = "Erase…" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
            await Hindrances.CheckAsync(page);
            await page.GetByRole(AriaRole.Button, new() { Name = "Erase for good" }).ClickAsync();
            await Expect(page.GetByText("The person was erased.")).ToBeVisibleAsync();
            await page.ReloadAsync();
            await Expect(page.Locator("#field-email")).ToHaveValueAsync("");
            await Expect(page.GetByText("Featherstone")).ToHaveCountAsync(0);
        });
    }

    private async Task<IPage> OpenAsync(ColorScheme scheme, int width)
    {
        var page = await workplace.OpenAsync(width, scheme);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        return page;
    }

    private static Task<string> CreateAsync(IPage page, string plural, string record) => page.EvaluateAsync<string>($$"""
        async () => (await (await fetch('/api/data/{{plural}}', { method: 'POST', headers: { 'Content-Type': 'application/json', Prefer: 'return=representation' }, body: JSON.stringify({{record}}) })).json()).id
        """);

    private static async Task SaveAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Control+s");
        await Expect(page.GetByText("Unsaved changes")).ToHaveCountAsync(0);
    }

    private static async Task FitsAsync(IPage page, int width)
    {
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        await Hindrances.CheckAsync(page);
    }
}
