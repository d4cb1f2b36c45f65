using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

// Servers that start at the same time would build at the same time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Xrm.EndToEnd.Tests;

/// <summary>One server for all tests that do not need their own.</summary>
[CollectionDefinition(nameof(Workplace))]
public sealed class WorkplaceGroup : ICollectionFixture<Workplace>;

/// <summary>A server with the delivered packages and the one of tests, and a browser whose user is signed in.</summary>
public sealed class Workplace : IAsyncLifetime
{
    /// <summary>The administrator's password after the first sign-in.</summary>
    internal const string Password = "a long new password";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xrm-workplace-");
    private string _session = "";

    internal RunningServer Server { get; private set; } = null!;

    internal Browser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await RunningServer.StartAsync(Path.Combine(_folder.FullName, "data"));
        Browser = await Browser.StartAsync();
        await PublishAsync(Path.Combine(Repository.Root, "tests", "packages", "specimen"));
        var page = await Browser.OpenAsync(Server.Url);
        await FirstSignInAsync(page, Server.OneTimePassword);
        _session = await page.Context.StorageStateAsync();
        await page.Context.CloseAsync();
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Publishes a package to the server; fails with what the command said.</summary>
    internal async Task PublishAsync(string package)
    {
        var (code, output, error) = await Server.RunAsync("apply", package);
        Assert.True(code == 0, output + error);
    }

    /// <summary>A page of the signed-in user.</summary>
    internal Task<IPage> OpenAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light) => Browser.OpenAsync(Server.Url, width, session: _session, scheme: scheme);

    /// <summary>Signs in with the one-time password, and changes it.</summary>
    internal static async Task FirstSignInAsync(IPage page, string oneTimePassword)
    {
        await SignInAsync(page, oneTimePassword);
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Repeat the new password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Accounts" })).ToBeVisibleAsync();
    }

    internal static async Task SignInAsync(IPage page, string password)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("User name").FillAsync("admin");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByLabel("User name")).ToHaveCountAsync(0);
    }
}
