using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>Requests to the desk that many tests send.</summary>
static class DeskRequests
{
    public static readonly string[] Commands =
    [
        "assign",
        "replies",
        "customer-replies",
        "notes",
        "wait",
        "resume",
        "resolve",
        "close",
        "reopen",
        "satisfaction",
        "acknowledge",
        "assess",
        "investigate",
        "findings",
        "propose",
        "answer-proposal",
        "decide",
        "compensate",
        "approve-compensation",
    ];

    public static HttpClient Agent(this DeskFixture fixture) =>
        fixture.Http([
            "service-desk.read",
            "service-desk.write",
            "service-desk.customer",
            "service-desk.complaints.write",
            "service-desk.complaints.decide",
            "service-desk.complaints.compensate",
            "service-desk.complaints.approve",
            "personal.read",
        ]);

    public static object Request(Guid customer, string? reference = null, DateTimeOffset? occurredAt = null) =>
        new
        {
            customerId = customer,
            kind = "request",
            category = "invoice",
            channel = "phone",
            subject = "A copy, please",
            source = reference is null ? null : "test",
            reference,
            occurredAt,
        };

    public static async Task<Guid> Open(this DeskFixture fixture, DateTimeOffset? at = null) =>
        (
            await (await fixture.Agent().PostAsJsonAsync("/api/service-desk/tickets", Request(Guid.CreateVersion7(), occurredAt: at)))
                .EnsureSuccessStatusCode()
                .Content.ReadFromJsonAsync<Changed>()
        )!.Id;

    public static object Valid(string command) =>
        command switch
        {
            "replies" or "customer-replies" => new { channel = "email", text = "Here." },
            "assess" => new { severity = "minor" },
            "propose" => new { kind = "apology", until = "2199-01-01T00:00:00Z" },
            "answer-proposal" => new { answer = "accepted" },
            "compensate" or "approve-compensation" => new { kind = "points", amount = 100 },
            "decide" => new { outcome = "upheld", cause = "lost-parcel" },
            "notes" or "findings" => new { text = "Done." },
            "resolve" => new { outcome = "sent" },
            "reopen" => new { reason = "wrong-copy" },
            "acknowledge" => new { channel = "email" },
            "satisfaction" => new { score = 5 },
            _ => new { },
        };

    public static JsonObject At(string command, DateTimeOffset occurredAt) => At(Valid(command), occurredAt);

    public static JsonObject At(object command, DateTimeOffset occurredAt)
    {
        var body = JsonSerializer.SerializeToNode(command)!.AsObject();
        body["occurredAt"] = occurredAt;
        return body;
    }

    public static async Task Problem(HttpResponseMessage answer, int status, string? type = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, body);
        var urn = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("type").GetString()!;
        urn.ShouldStartWith("urn:crm:");
        if (type is not null)
            urn.ShouldBe("urn:crm:" + type);
    }

    public const string Secret = "please call me at 13800138000";

    public static async Task<JsonElement> Get(this DeskFixture fixture, string path) =>
        await fixture.Agent().GetFromJsonAsync<JsonElement>("/api/service-desk/" + path);

    public static async Task<Changed> Post(this DeskFixture fixture, string path, object body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var answer = await fixture.Agent().PostAsJsonAsync("/api/service-desk/" + path, body);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<Changed>())!;
    }

    /// <summary>The short way: an assessed complaint is decided.</summary>
    public static async Task Decide(this DeskFixture fixture, Guid id, string cause)
    {
        await fixture.Post($"tickets/{id}/assess", Valid("assess"));
        await fixture.Post($"tickets/{id}/decide", new { outcome = "upheld", cause });
    }

    public static object Complaint(Guid customer, string? reference = null, DateTimeOffset? occurredAt = null) =>
        new
        {
            customerId = customer,
            kind = "complaint",
            category = "delivery",
            channel = "web",
            subject = "Late again",
            text = Secret,
            source = reference is null ? null : "test",
            reference,
            occurredAt,
        };
}
