using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CrmPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>A refused request does not use up its Idempotency-Key: sent again, it is refused again with the same answer.</summary>
public static class RefusedKeys
{
    /// <summary>Sends the documented example of every POST with a key, for ids that do not exist.</summary>
    /// <param name="fixture">The running service.</param>
    /// <param name="atLeast">How many must be refused at least. The others have nothing in their path or body that could be
    /// missing.</param>
    public static async Task Check<TProgram>(ServiceFixture<TProgram> fixture, int atLeast)
        where TProgram : class
    {
        var endpoints = fixture.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        using var http = fixture.Http([
            .. endpoints.Select(e => e.Metadata.GetMetadata<Permissions.Required>()?.Permission).OfType<string>().Distinct(),
        ]);
        var document = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync("/openapi/v1.json"));
        var refused = 0;
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            if (!path.Value.TryGetProperty("post", out var operation))
                continue;
            var (type, body) = Example(operation);
            if (type is not "application/json")
                continue;
            var address = Regex.Replace(path.Name, @"\{\w+\}", Guid.CreateVersion7().ToString());
            var (status, _) = await Send(null);
            if (status < 400)
                continue;
            refused++;
            await AreNotUsedUp(Send, $"POST {address} with {body}");

            async Task<(int, string)> Send(string? key)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, address)
                {
                    Content = new StringContent(body, Encoding.UTF8, type),
                };
                if (key is not null)
                    request.Headers.Add(Idempotency.Header, key);
                using var answer = await http.SendAsync(request);
                return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }
        }
        refused.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    internal static Task AreNotUsedUp(Func<string, Task<HttpFile.Exchange>> send, string what) =>
        AreNotUsedUp(async key => await send(key) is var exchange ? (exchange.Status, exchange.ResponseBody) : default, what);

    static async Task AreNotUsedUp(Func<string, Task<(int Status, string Body)>> send, string what)
    {
        var key = Guid.CreateVersion7().ToString();
        var (first, again) = (await send(key), await send(key));
        first.Status.ShouldBeInRange(400, 499, what);
        again.Status.ShouldBe(first.Status, what);
        Type(again.Body).ShouldBe(Type(first.Body), what);

        static string? Type(string body) => JsonSerializer.Deserialize<JsonElement>(body).GetProperty("type").GetString();
    }

    static (string Type, string Body) Example(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var request))
            return ("application/json", "{}");
        var media = request.GetProperty("content").EnumerateObject().First();
        return (
            media.Name,
            media.Value.TryGetProperty("examples", out var examples)
                ? examples.EnumerateObject().First().Value.GetProperty("value").GetRawText()
                : "{}"
        );
    }
}
