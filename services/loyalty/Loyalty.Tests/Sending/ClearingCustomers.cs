using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests.Sending;

/// <summary>Answers on loopback what a sender asks of gateway and customers: a token, and clearances by a book of consents.</summary>
public sealed class ClearingCustomers : IAsyncDisposable
{
    readonly WebApplication app = WebApplication.CreateSlimBuilder().Build();
    int tokens,
        questions;

    public sealed record Person(bool Consents = true, bool Forgotten = false, string? Address = null, string? Language = null)
    {
        public string Name { get; init; } = "李测试";
    }

    public ConcurrentDictionary<Guid, Person> Book { get; } = [];

    /// <summary>What happens right after an answer was read from the book.</summary>
    public Action<Guid>? Afterwards { get; set; }

    /// <summary>The status that it answers instead.</summary>
    public int? Answers { get; set; }

    public int Tokens => tokens;
    public int Questions => questions;

    public string Address { get; private set; } = "";

    public async Task Start()
    {
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost(
            "/connect/token",
            async (HttpRequest request) =>
            {
                var form = await request.ReadFormAsync();
                Interlocked.Increment(ref tokens);
                return (form["grant_type"], form["client_id"], form["client_secret"]) == ("client_credentials", "loyalty", "secret")
                    ? Results.Json(new { access_token = $"token-{tokens}", expires_in = 3600 })
                    : Results.StatusCode(401);
            }
        );
        app.MapPost(
            "/api/customers/clearances",
            async (HttpRequest request) =>
            {
                Interlocked.Increment(ref questions);
                if (Answers is { } status)
                    return Results.StatusCode(status);
                if (request.Headers.Authorization != $"Bearer token-{tokens}")
                    return Results.StatusCode(401);
                using var question = await JsonDocument.ParseAsync(request.Body);
                return Results.Json(new { items = question.RootElement.GetProperty("items").EnumerateArray().Select(Answer).ToArray() });
            }
        );
        await app.StartAsync();
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    object Answer(JsonElement wanted)
    {
        var id = wanted.GetProperty("customerId").GetGuid();
        var person = Book.GetValueOrDefault(id);
        var reason =
            person is null ? "unknown-customer"
            : person.Forgotten ? "forgotten"
            : !person.Consents ? "no-consent"
            : null;
        Afterwards?.Invoke(id);
        return reason is not null
            ? new
            {
                customerId = id,
                verdict = "refused",
                reason,
            }
            : new
            {
                customerId = id,
                verdict = "cleared",
                address = person!.Address ?? $"{id:N}@example.com",
                name = person.Name,
                language = person.Language,
                noticeVersion = "2026-01",
            };
    }
}
