using System.Net.Http.Headers;
using System.Security.Cryptography;
using CrmPlatform.Gateway.Tokens;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.Gateway.Tests;

/// <summary>The gateway itself on a loopback port, before four foreign rooms.</summary>
public sealed class RunningGateway : IAsyncLifetime
{
    public const string ClientId = "web shop+1";
    public const string Secret = "a secret: of the shop & more";

    public static string CurrentKey { get; } = NewKey();
    public static string OlderKey { get; } = NewKey();

    readonly List<WebApplicationFactory<Program>> gateways = [];
    public Dictionary<string, ForeignRoom> Rooms { get; } = [];
    public HttpClient Anonymous { get; private set; } = null!;

    public static AuthSettings Settings { get; } = new() { Authority = "http://gateway.test:8080", SigningKeys = [CurrentKey, OlderKey] };

    public async Task InitializeAsync()
    {
        foreach (var room in CrmPlatform.Rooms.Room.All.Select(r => r.Project))
            Rooms[room] = await ForeignRoom.Open(room, Descriptions.Of(room));
        Anonymous = Start();
    }

    /// <summary>Another gateway with some settings of its own.</summary>
    public HttpClient Start(params (string Key, string Value)[] settings)
    {
        var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.ConfigureLogging(logging => logging.ClearProviders());
            foreach (var (room, server) in Rooms)
                host.UseSetting($"Services:{room}", server.Address.ToString());
            host.UseSetting("urls", "http://127.0.0.1:0");
            host.UseSetting("Auth:Authority", Settings.Authority);
            host.UseSetting("Auth:SigningKeys:0", CurrentKey);
            host.UseSetting("Auth:SigningKeys:1", OlderKey.Replace("\n", "\\n"));
            host.UseSetting("Auth:Clients:0:Id", ClientId);
            host.UseSetting("Auth:Clients:0:Secret", Secret);
            host.UseSetting("Auth:Clients:0:Permissions:0", "loyalty.read");
            host.UseSetting("Auth:Clients:0:Permissions:1", "loyalty.points.redeem");
            foreach (var (key, value) in settings)
                host.UseSetting(key, value);
        });
        factory.UseKestrel();
        factory.StartServer();
        gateways.Add(factory);
        return new HttpClient { BaseAddress = factory.ClientOptions.BaseAddress, Timeout = TimeSpan.FromSeconds(30) };
    }

    public static HttpRequestMessage Request(HttpMethod method, string path, string? token = null, HttpContent? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    /// <summary>A token as the gateway would sign it now, or with something about it that is not right.</summary>
    public static string Token(string subject = "shop", AuthSettings? settings = null, DateTimeOffset? at = null) =>
        IssueToken.Sign(
            subject,
            ["loyalty.read"],
            settings ?? Settings,
            new SigningKeys(settings ?? Settings),
            at ?? TimeProvider.System.GetUtcNow()
        );

    public static string NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem();

    public async Task DisposeAsync()
    {
        foreach (var gateway in gateways)
            await gateway.DisposeAsync();
        foreach (var room in Rooms.Values)
            await room.DisposeAsync();
    }
}

[CollectionDefinition("gateway")]
public sealed class GatewayCollection : ICollectionFixture<RunningGateway>;

static class Descriptions
{
    public static string Of(string room) =>
        $$"""
            { "openapi": "3.1.1", "info": { "title": "{{room}}", "version": "1" }, "tags": [ { "name": "{{room}}" } ],
              "paths": {
                "/health/live": { "get": {} },
                "/api/{{room.ToLowerInvariant()}}/things": { "post": {
                  "operationId": "AddThing", "tags": [ "CrmPlatform.{{room}}" ], "security": [ { "bearer": [] } ],
                  "requestBody": { "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Thing" },
                    "examples": { "A thing": { "value": { "of": "#/components/schemas/Thing" } } } } } },
                  "responses": {
                    "201": { "description": "made", "content": { "application/json": { "schema": {
                      "$ref": "#/components/schemas/Receipt" } } } },
                    "422": { "description": "refused", "x-crm-types": [ "urn:crm:too-heavy" ], "content": {
                      "application/problem+json": { "schema": { "$ref": "#/components/schemas/Thing" } } } } } } } },
              "components": { "schemas": { "Receipt": { "x-crm-shared": true, "type": "object",
                "description": "What all rooms answer." }, "Thing": { "type": "object", "properties": {
                "of": { "type": [ "null", "string" ], "description": "{{room}}" },
                "next": { "$ref": "#/components/schemas/Thing" } } } } } }
            """;
}
