using System.Net;
using System.Net.Mime;

namespace CrmPlatform.Gateway.Tokens;

/// <summary>
/// Lets a person with a browser see the pages below /portraits: a form asks for a client and its secret, a cookie that only those pages
/// receive carries the token, cut down to reading.
/// </summary>
public static class SignIn
{
    const string Cookie = "crm-pages";
    static readonly PathString pages = "/portraits";

    /// <summary>Stands before authentication: from here on a page's cookie is a bearer token like any other.</summary>
    public static void UsePageCookie(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                if (http.Request.Path.StartsWithSegments(pages))
                {
                    if (http.Request.Headers.Authorization.Count == 0 && http.Request.Cookies[Cookie] is { Length: > 0 } token)
                        http.Request.Headers.Authorization = $"Bearer {token}";
                    http.Request.Headers.Remove("Cookie");
                }
                return next(http);
            }
        );

    /// <summary>True for a browser that asks for a page: it is shown the form instead of a problem.</summary>
    public static bool IsFor(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method)
        && http.Request.Path.StartsWithSegments(pages)
        && http.Request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.Ordinal);

    public static string Address(HttpContext http) =>
        $"/sign-in?to={Uri.EscapeDataString(http.Request.Path.ToUriComponent() + http.Request.QueryString)}";

    public static void Map(WebApplication app)
    {
        if (!app.Services.GetRequiredService<AuthSettings>().IssuesTokens)
            return;
        app.MapGet("/sign-in", (string? to) => Page(to, failed: false)).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(
                "/sign-in",
                async (
                    HttpContext http,
                    AuthSettings settings,
                    SigningKeys keys,
                    TokenRequests requests,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    // A form on another site must not sign anybody in.
                    if (http.Request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin")
                        return Results.StatusCode(403);
                    var to = "";
                    try
                    {
                        var fields = await Form.Read(http, ct);
                        to = fields["to"].ToString();
                        if (!to.All(c => c is > ' ' and <= '~'))
                            throw new UnreadableFormException("to must be the path of a page");
                        var client = requests.Authenticate(
                            http,
                            () => new(fields["client_id"].ToString(), fields["client_secret"].ToString())
                        );
                        var token = IssueToken.Sign(
                            client.Id,
                            [.. client.Permissions.Where(p => p.EndsWith(".read", StringComparison.Ordinal))],
                            settings,
                            keys,
                            clock.GetUtcNow()
                        );
                        http.Response.Cookies.Append(
                            Cookie,
                            token,
                            new()
                            {
                                Path = pages,
                                HttpOnly = true,
                                Secure = http.Request.IsHttps,
                                SameSite = SameSiteMode.Lax,
                            }
                        );
                        return IsPage(to) ? Results.LocalRedirect(to) : Results.Text("signed in");
                    }
                    catch (TokenRefusedException)
                    {
                        return Page(to, failed: true);
                    }
                    catch (UnreadableFormException unreadable)
                    {
                        await Problem.Write(http, 400, "invalid-request", "The request could not be read", unreadable.Message);
                        return Results.Empty;
                    }
                    catch (TooManyGuessesException guesses)
                    {
                        await RateLimits.Refuse(http, guesses.Wait);
                        return Results.Empty;
                    }
                }
            )
            .AllowAnonymous()
            .DisableAntiforgery()
            .ExcludeFromDescription();
    }

    static bool IsPage(string? to) =>
        to is not null && to.StartsWith("/portraits/", StringComparison.Ordinal) && !to.Contains('\\', StringComparison.Ordinal);

    static IResult Page(string? to, bool failed) =>
        Results.Text(
            $$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><title>CrmPlatform</title>
            <style>body{font:16px sans-serif;max-width:22em;margin:10vh auto}
            input{display:block;width:100%;margin:.3em 0 1em;font:inherit}</style>
            <h1>CrmPlatform</h1><p>{{(
                failed ? "Unknown client or wrong secret · 客户端或密钥不正确" : "Sign in to see this page · 请登录后查看"
            )}}</p>
            <form method="post" action="/sign-in"><input type="hidden" name="to" value="{{WebUtility.HtmlEncode(IsPage(to) ? to : "")}}">
            <label>Client · 客户端 <input name="client_id" autocomplete="username" required></label>
            <label>Secret · 密钥 <input name="client_secret" type="password" autocomplete="current-password" required></label>
            <button>Sign in · 登录</button></form></html>
            """,
            MediaTypeNames.Text.Html,
            System.Text.Encoding.UTF8,
            failed ? 401 : 200
        );
}
