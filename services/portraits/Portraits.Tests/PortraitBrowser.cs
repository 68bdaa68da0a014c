using Microsoft.Playwright;

namespace CrmPlatform.Portraits.Tests;

/// <summary>Debian's Chromium, which asks the room that is under test.</summary>
public sealed class PortraitBrowser : IAsyncLifetime
{
    IPlaywright? playwright;
    IBrowser? browser;

    public async Task InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        await browser!.DisposeAsync();
        playwright!.Dispose();
    }

    public async Task<Shown> Open(HttpClient room, string path, int width)
    {
        var context = await browser!.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 900 },
            }
        );
        await context.RouteAsync(
            "**/*",
            async route =>
            {
                var answer = await room.GetAsync(new Uri(route.Request.Url).PathAndQuery);
                await route.FulfillAsync(
                    new()
                    {
                        Status = (int)answer.StatusCode,
                        ContentType = answer.Content.Headers.ContentType?.ToString(),
                        BodyBytes = await answer.Content.ReadAsByteArrayAsync(),
                    }
                );
            }
        );
        var page = await context.NewPageAsync();
        var answered = await page.GotoAsync($"http://room.test{path}");
        if (Environment.GetEnvironmentVariable("CRM_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(
                new() { Path = Path.Combine(folder, $"{path.Split('/')[^1].Replace('?', '-')}-{width}.png"), FullPage = true }
            );
        return new(context, page, answered!.Status);
    }

    public sealed class Shown(IBrowserContext context, IPage page, int status) : IAsyncDisposable
    {
        const string Lines = """
            const lines = node => {
                const range = document.createRange(); range.selectNodeContents(node);
                return new Set([...range.getClientRects()].map(r => Math.round(r.top))).size; };
            """;

        public int Status => status;

        public Task<string> Text() => page.InnerTextAsync("body");

        public Task<IReadOnlyList<string>> Texts(string selector) => page.Locator(selector).AllInnerTextsAsync();

        public Task<double> Number(string expression) => page.EvaluateAsync<double>($"() => {{ {Lines} return {expression}; }}");

        public ValueTask DisposeAsync() => context.DisposeAsync();
    }
}
