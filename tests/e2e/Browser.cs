using Microsoft.Playwright;

namespace Xrm.EndToEnd.Tests;

/// <summary>A real Chromium: the one named by XRM_CHROMIUM, else Debian's.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("XRM_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new Browser(playwright, browser);
    }

    /// <summary>A page of a fresh profile, patient with a busy machine.</summary>
    /// <param name="url">Address of the server.</param>
    /// <param name="width">Of the page, in pixels.</param>
    /// <param name="height">Of the page, in pixels.</param>
    /// <param name="session">The stored state of another page whose user stays signed in; null for a visitor.</param>
    /// <param name="scheme">What the profile asks of pages: light or dark.</param>
    public async Task<IPage> OpenAsync(Uri url, int width = 1280, int height = 800, string? session = null, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = url.ToString(),
            Locale = "en-GB",
            StorageState = session,
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        return await context.NewPageAsync();
    }

    /// <summary>Runs steps; where one fails, a picture of the page is kept in the temporary folder and named in the error.</summary>
    public static async Task WatchAsync(IPage page, Func<Task> steps)
    {
        try
        {
            await steps();
        }
        catch (Exception exception)
        {
            var picture = Path.Combine(Path.GetTempPath(), $"xrm-browser-{Guid.NewGuid():N}.png");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = picture });
            throw new InvalidOperationException($"{exception.Message}\nThe page then: {page.Url}, {picture}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
