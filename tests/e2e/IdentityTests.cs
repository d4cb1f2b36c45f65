using System.Security.Cryptography;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Xrm.EndToEnd.Tests;

/// <summary>Accounts as people use them: an invitation, two-step sign-in, a passkey, a token, and what administrators see.</summary>
[Collection(nameof(Workplace))]
public sealed class IdentityTests(Workplace place)
{
    private const string Password = "grau violett kastanie 71";

    [Fact]
    public async Task Somebody_is_invited_and_signs_in_with_a_code_and_with_a_passkey()
    {
        var link = "";
        var admin = await place.OpenAsync();
        await Browser.WatchAsync(admin, async () => link = await InviteAsync(admin));
        var person = await place.Browser.OpenAsync(Local);
        await Browser.WatchAsync(person, async () =>
        {
            await person.GotoAsync(new Uri(link).PathAndQuery + new Uri(link).Fragment);
            await Expect(person.GetByRole(AriaRole.Heading, new() { Name = "Welcome, Jo" })).ToBeVisibleAsync();
            await person.GetByLabel("New password", new() { Exact = true }).FillAsync(Password);
            await person.GetByLabel("Repeat the new password").FillAsync(Password);
            await person.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
            var key = await SetUpAsync(person);
            await AddPasskeyAsync(person);
            await SignOutAsync(person);
            await SignInByCodeAsync(person, key);
            await SignOutAsync(person);
            await person.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
            await Expect(person.GetByRole(AriaRole.Button, new() { Name = "Jo" })).ToBeVisibleAsync();
            await MakeTokenAsync(person);
        });
    }

    private Uri Local => new UriBuilder(place.Server.Url) { Host = "localhost" }.Uri;

    private static async Task<string> InviteAsync(IPage page)
    {
        await page.GotoAsync("/administration/users");
        await page.GetByRole(AriaRole.Button, new() { Name = "New user" }).ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync("jo@example.com");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("Jo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).ClickAsync();
        var link = await page.Locator("code").InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(page.GetByText("Invited")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Jo", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Send invitation again" })).ToBeVisibleAsync();
        return link;
    }

    private static async Task<string> SetUpAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Jo" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "My account" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();
        await page.GetByLabel("Current password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "QR code for an authenticator app" })).ToBeVisibleAsync();
        var key = (await page.Locator("code").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Code", Exact = true }).FillAsync(CodeOf(key, -1));
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Recovery codes" }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(10);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have kept them" }).ClickAsync();
        await Expect(page.GetByText("Recovery codes left: 10")).ToBeVisibleAsync();
        return key;
    }

    private static async Task AddPasskeyAsync(IPage page)
    {
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("Laptop");
        await page.GetByLabel("Current password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Passkeys" }).GetByText("Laptop")).ToBeVisibleAsync();
    }

    private static async Task SignInByCodeAsync(IPage page, string key)
    {
        await page.GetByLabel("User name").FillAsync("jo@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Code", Exact = true })).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Code", Exact = true }).FillAsync(CodeOf(key, 0));
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Jo" })).ToBeVisibleAsync();
    }

    private static async Task MakeTokenAsync(IPage page)
    {
        await page.GotoAsync("/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "New token" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("Report");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make token" }).ClickAsync();
        await Expect(page.Locator("code")).ToContainTextAsync("xrm_");
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Access tokens" }).GetByText("Report")).ToBeVisibleAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Jo", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByLabel("User name")).ToBeVisibleAsync();
    }

    private static string CodeOf(string key, int steps)
    {
        var bits = string.Concat(key.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter), 2).PadLeft(5, '0')));
        var secret = Enumerable.Range(0, bits.Length / 8).Select(at => Convert.ToByte(bits.Substring(at * 8, 8), 2)).ToArray();
        var counter = BitConverter.GetBytes((TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) + steps);
        var hash = HMACSHA1.HashData(secret, counter.Reverse().ToArray());
        var at = hash[^1] & 15;
        var number = ((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }
}
