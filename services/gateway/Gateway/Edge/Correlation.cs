using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CrmPlatform.Gateway.Edge;

/// <summary>One id for everything that a request sets off: taken over or made, passed on, returned.</summary>
public static partial class Correlation
{
    public const string Header = "X-Correlation-Id";

    public static string Of(HttpContext http) => http.Request.Headers[Header].ToString();

    public static void UseCorrelation(this WebApplication app) =>
        app.Use(
            (http, next) =>
            {
                var given = Of(http);
                // Whatever a client sends ends up in logs and in events: only a short, plain token is taken over.
                var id = Plain().IsMatch(given) ? given : Guid.CreateVersion7().ToString();
                http.Request.Headers[Header] = id;
                http.Items[Header] = id; // the log shows it
                http.Response.OnStarting(() =>
                {
                    http.Response.Headers[Header] = id;
                    return Task.CompletedTask;
                });
                Activity.Current?.SetTag("crm.correlation_id", id);
                return next(http);
            }
        );

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$")]
    private static partial Regex Plain();
}
