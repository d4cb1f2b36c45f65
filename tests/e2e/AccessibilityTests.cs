using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>What axe finds wrong on the pages: nothing that hinders people.</summary>
[Collection(nameof(Workplace))]
public sealed class AccessibilityTests(Workplace workplace)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_hinder_nobody(ColorScheme scheme)
    {
        var page = await workplace.OpenAsync(scheme: scheme);
        await PageTour.EachAsync(page, () => Hindrances.CheckAsync(page));
        var visitor = await workplace.Browser.OpenAsync(workplace.Server.Url, scheme: scheme);
        await visitor.GotoAsync("/");
        await Expect(visitor.GetByLabel("User name")).ToBeVisibleAsync();
        await Hindrances.CheckAsync(visitor);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 375)]
    public async Task What_opens_over_a_form_hinders_nobody(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/contracts/contracts/new");
            await page.Locator("#field-account").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await page.Keyboard.PressAsync("Escape");

            await page.Locator("#field-starts_on").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Next", Exact = true })).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await page.Keyboard.PressAsync("Escape");

            await page.Locator("#field-title").FillAsync("Left behind");
            await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Contracts" }).First.ClickAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Leave without saving?");
            await Hindrances.CheckAsync(page);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 375)]
    public async Task Jobs_show_how_far_they_came_and_hinder_nobody(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/jobs");
            // Every record refuses it, so that nothing is changed for others.
            await page.EvaluateAsync("""
                async () => await fetch('/api/data/accounts?all=true', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: null }) })
                """);
            await page.ReloadAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^\\d+ failed$") }).First).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^\\d+ failed$") }).First.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Listitem).First).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 375)]
    public async Task Trials_of_a_rule_show_what_it_would_do_and_hinder_nobody(ColorScheme scheme, int width)
    {
        var page = await workplace.OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/rules/script/contract/pricing");
            await page.GetByRole(AriaRole.Button, new() { Name = "Try", Exact = true }).PressAsync("Enter");
            await Expect(page.GetByText("records examined; there are")).ToBeVisibleAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true })).ToHaveCountAsync(0);
            await page.GetByLabel("Values").FillAsync("""{ "title": "Trial", "months": 36 }""");
            await page.GetByRole(AriaRole.Button, new() { Name = "Trace", Exact = true }).PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.List, new() { Name = "Rules in their order" }).GetByText("contract.pricing", new() { Exact = true })).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
            await Hindrances.CheckAsync(page);

            await page.GotoAsync("/administration/package-tests");
            await page.GetByRole(AriaRole.Button, new() { Name = "Run core", Exact = true }).PressAsync("Enter");
            await Expect(page.GetByText("0 failed.")).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Histories_tell_what_happened_bring_values_back_and_hinder_nobody(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/contracts/accounts");
            var id = await page.EvaluateAsync<string>("""
                async () => {
                  const send = async (method, path, body) => (await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json();
                  const { id } = await send('POST', '/api/data/accounts', { name: 'Before' });
                  await send('PATCH', `/api/data/accounts/${id}`, { name: 'After' });
                  return id;
                }
                """);
            await page.GotoAsync($"/contracts/accounts/{id}");
            await page.GetByRole(AriaRole.Button, new() { Name = "Show the history" }).PressAsync("Enter");
            var panel = page.GetByRole(AriaRole.Dialog);
            await Expect(panel.GetByText("Administrator changed Name")).ToBeVisibleAsync();
            await Expect(panel.GetByText("Administrator created this record")).ToBeVisibleAsync();
            await Expect(panel.GetByText("on the screen").First).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
            await Hindrances.CheckAsync(page);
            await panel.GetByRole(AriaRole.Button, new() { Name = "Show the record at that time" }).Last.ClickAsync();
            await Expect(panel.GetByText("Now: After")).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await panel.GetByRole(AriaRole.Button, new() { Name = "Bring back 1 value" }).ClickAsync();
            await Expect(panel.GetByText("Administrator brought back earlier values of Name")).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("Escape");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Before" })).ToBeVisibleAsync();

            await page.GotoAsync("/administration/audit?operation=create&entity=account");
            await Expect(page.GetByText("Created").First).ToBeVisibleAsync();
            await Expect(page.GetByText("Sealed up to")).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Records_are_shared_and_rights_explained_and_hinder_nobody(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/contracts/contracts");
            var ids = await page.EvaluateAsync<string[]>("""
                async () => {
                  const send = async (method, path, body) => (await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json();
                  const name = `Robin ${crypto.randomUUID().slice(0, 8)}`;
                  const user = await send('POST', '/api/administration/users/service-accounts', { userName: name.toLowerCase().replace(' ', '.'), displayName: name, roles: ['contract_user'] });
                  return [(await (await fetch('/api/data/contracts?$top=1')).json()).value[0].id, name, user.id];
                }
                """);
            await page.GotoAsync($"/contracts/contracts/{ids[0]}");
            await OpenMenuAsync(page, "Share");
            var dialog = page.GetByRole(AriaRole.Dialog);
            await dialog.GetByLabel("Person or team").FillAsync(ids[1]);
            await page.GetByRole(AriaRole.Option, new() { Name = ids[1] }).ClickAsync();
            await dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Change" }).CheckAsync();
            await Hindrances.CheckAsync(page);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
            await Expect(dialog.GetByText("See · Change")).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
            await Hindrances.CheckAsync(page);
            await page.Keyboard.PressAsync("Escape");

            await OpenMenuAsync(page, "Why can I …?");
            await Expect(dialog.GetByText("Administrators may do everything.").First).ToBeVisibleAsync();
            await dialog.GetByLabel("For whom").FillAsync(ids[1]);
            await page.GetByRole(AriaRole.Option, new() { Name = ids[1] }).ClickAsync();
            await Expect(dialog.GetByText("The record is shared for that.").First).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
            await Hindrances.CheckAsync(page);
            await page.Keyboard.PressAsync("Escape");

            await OpenMenuAsync(page, "Share");
            await dialog.GetByRole(AriaRole.Button, new() { Name = $"End the share with {ids[1]}" }).ClickAsync();
            await Expect(dialog.GetByText("See · Change")).ToHaveCountAsync(0);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Roles_are_changed_by_keyboard_and_published_and_hinder_nobody(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/roles?role=reader");
            var cell = page.GetByRole(AriaRole.Button, new() { NameRegex = OnContacts("Share") });
            await cell.FocusAsync();
            await page.Keyboard.PressAsync("1");
            await Expect(cell).ToHaveAccessibleNameAsync(OnContacts("Share", "own records, changed$"));
            await Expect(page.GetByText("1 change is not published yet.")).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Menuitemradio, new() { Name = "own records" })).ToBeFocusedAsync();
            await Hindrances.CheckAsync(page);
            await page.Keyboard.PressAsync("Escape");
            await Expect(cell).ToBeFocusedAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).PressAsync("Enter");
            await Expect(page.GetByText("The role “Reader” is in force.")).ToBeVisibleAsync();
            await Expect(cell).ToHaveAccessibleNameAsync(OnContacts("Share", "own records$"));
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);

            // Back, for whoever looks at the role afterwards.
            await cell.PressAsync("0");
            await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).PressAsync("Enter");
            await Expect(cell).ToHaveAccessibleNameAsync(OnContacts("Share", "none$"));
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "Sales assistant")]
    [InlineData(ColorScheme.Dark, 390, "Visitor")]
    public async Task A_role_is_made_from_another_by_keyboard(ColorScheme scheme, int width, string label)
    {
        var page = await OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/roles?role=crm_user");
            var create = page.GetByRole(AriaRole.Button, new() { Name = "New role" });
            await Expect(create).ToBeEnabledAsync();
            await create.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Name" })).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync(label);
            await page.GetByRole(AriaRole.Combobox, new() { Name = "Begin with the rights of" }).FocusAsync();
            await page.Keyboard.PressAsync("ArrowDown");
            await page.GetByRole(AriaRole.Option, new() { Name = "Reader" }).ClickAsync();
            await Hindrances.CheckAsync(page);
            await page.GetByRole(AriaRole.Button, new() { Name = "Create and publish" }).PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = label })).ToBeVisibleAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = OnContacts("See") })).ToHaveAccessibleNameAsync(OnContacts("See", "all records, as all that are not named$"));
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Units_are_walked_by_keyboard_and_people_moved_and_hinder_nobody(ColorScheme scheme, int width)
    {
        var page = await OpenAsync(width, scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/units");
            await page.GetByRole(AriaRole.Treeitem).First.FocusAsync();
            await page.Keyboard.PressAsync("ArrowLeft");
            await Expect(page.GetByRole(AriaRole.Treeitem)).ToHaveCountAsync(1);
            await page.Keyboard.PressAsync("ArrowRight");
            await page.Keyboard.PressAsync("ArrowDown");
            await page.Keyboard.PressAsync("ArrowDown");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "France and Spain" })).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Move Pascal Rivière to another unit" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await page.Keyboard.PressAsync("Escape");
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^France and Spain \\d+ member") }).ClickAsync();
            await page.GetByRole(AriaRole.Combobox, new() { Name = "Add a member" }).FillAsync("Pascal");
            await page.GetByRole(AriaRole.Option, new() { NameRegex = new("^Pascal Rivière") }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Remove Pascal Rivière from the team" }).ClickAsync();
            await Expect(page.GetByText("No members.")).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
            await Hindrances.CheckAsync(page);
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task The_application_is_seen_as_a_role_until_that_is_ended(ColorScheme scheme, int width)
    {
        // A session of its own: a preview holds for all pages of a session.
        var page = await workplace.Browser.OpenAsync(workplace.Server.Url, width, scheme: scheme);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await Browser.WatchAsync(page, async () =>
        {
            await Workplace.SignInAsync(page, Workplace.Password);
            await page.GotoAsync("/administration/roles?role=contract_user");
            await page.GetByRole(AriaRole.Button, new() { Name = "See as others do …" }).ClickAsync();
            await Hindrances.CheckAsync(page);
            await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
            var banner = page.GetByRole(AriaRole.Region, new() { Name = "Preview" });
            await Expect(banner.GetByText("You see the application as: Contract user.")).ToBeVisibleAsync();
            await Hindrances.CheckAsync(page);
            await page.GotoAsync("/administration/roles");
            await Expect(banner).ToBeVisibleAsync();
            await Expect(page.GetByRole(AriaRole.Grid)).ToHaveCountAsync(0);
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
            await banner.GetByRole(AriaRole.Button, new() { Name = "End preview" }).ClickAsync();
            await Expect(banner).ToHaveCountAsync(0);
            await page.GotoAsync("/administration/roles");
            await Expect(page.GetByRole(AriaRole.Grid)).ToBeVisibleAsync();
        });
    }

    [Fact]
    public async Task A_rule_is_switched_off_and_on_by_keyboard_with_a_reason()
    {
        var page = await OpenAsync();
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/rules/script/inspection/result");
            await page.GetByRole(AriaRole.Button, new() { Name = "Switch off", Exact = true }).PressAsync("Enter");
            var dialog = page.GetByRole(AriaRole.Dialog);
            await Expect(dialog.GetByLabel("Reason")).ToBeFocusedAsync();
            await Hindrances.CheckAsync(page);
            await page.Keyboard.TypeAsync("Only to see that it works.");
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Enter");
            await Expect(dialog).ToHaveCountAsync(0);
            await Expect(page.GetByText("Only to see that it works.")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Switch on", Exact = true }).PressAsync("Enter");
            await dialog.GetByLabel("Reason").FillAsync("Seen.");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Switch on", Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch off", Exact = true })).ToBeVisibleAsync();
        });
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Script_in_all_its_colours_can_be_read(ColorScheme scheme)
    {
        var page = await workplace.OpenAsync(scheme: scheme);
        await Browser.WatchAsync(page, async () =>
        {
            await page.GotoAsync("/administration/scripts/contracts?file=contract.pricing.ts");
            await Editors.ColouredAsync(page);
            await Editors.WriteAsync(page, """
                // A comment.
                /** Documented. @param none */
                @sealed class Sample { constructor(public readonly size: number = 0x1F) {} }
                const text: string = 'one' + `two ${[[(1.5)]]} \n`;
                if (/[a-z]+\d$/i.test(text)) throw new Error("no\n");
                """);
            await Expect(page.Locator(".view-line").GetByText("throw", new() { Exact = true })).ToBeVisibleAsync();
            await Editors.ColouredAsync(page);
            await Hindrances.CheckAsync(page);
        });
    }

    /// <summary>A page that moves nothing: what opens over it fades in, with less contrast on its way, and may begin to after that was looked for.</summary>
    private async Task<IPage> OpenAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await workplace.OpenAsync(width, scheme);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        return page;
    }

    /// <summary>Chooses an entry of a record's menu.</summary>
    private static async Task OpenMenuAsync(IPage page, string entry)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = entry }).ClickAsync();
    }

    /// <summary>Name of the cell of a right to contacts. Another test may have published a second kind of record with that label.</summary>
    private static Regex OnContacts(string operation, string granted = "") => new($"^{operation}, Contact( \\(contact\\))?: {granted}");
}
