using Microsoft.Playwright;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>Debian's Chromium as a phone, which asks the room that is under test.</summary>
public sealed class SurveyBrowser : IAsyncLifetime
{
    public const int Phone = 390;

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

    /// <param name="scripts">The page needs none.</param>
    public async Task<IPage> Open(HttpClient room, string path, bool scripts = false)
    {
        var context = await browser!.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = Phone, Height = 844 },
                JavaScriptEnabled = scripts,
            }
        );
        await context.RouteAsync("**/*", route => Pass(room, route));
        var page = await context.NewPageAsync();
        await page.GotoAsync($"http://room.test{path}");
        return page;
    }

    static async Task Pass(HttpClient room, IRoute route)
    {
        using var request = new HttpRequestMessage(new(route.Request.Method), new Uri(route.Request.Url).PathAndQuery);
        if (route.Request.PostDataBuffer is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", route.Request.Headers["content-type"]);
        }
        using var answer = await room.SendAsync(request);
        await route.FulfillAsync(
            new()
            {
                Status = (int)answer.StatusCode,
                Headers = answer.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value)),
                ContentType = answer.Content.Headers.ContentType?.ToString(),
                BodyBytes = await answer.Content.ReadAsByteArrayAsync(),
            }
        );
    }
}
