using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.RuleSegments;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>What the tests of rule segments say to the room and ask of it.</summary>
static class SegmentWorld
{
    /// <summary>Customers of Beijing who bought toys twice in 90 days, have no open complaint and are not yet Gold.</summary>
    public static object BeijingToys { get; } = new
    {
        all = new object[]
        {
            new { profile = new { field = "province", @in = new[] { "Beijing" } } },
            new
            {
                purchases = new
                {
                    measure = "count",
                    category = "toys",
                    atLeast = 2,
                    within = new { days = 90 },
                },
            },
            new { not = new { openTickets = new { kind = "complaint", atLeast = 1 } } },
            new
            {
                not = new
                {
                    score = new
                    {
                        of = "tier",
                        @in = new[] { "gold" },
                        missing = "no",
                    },
                },
            },
        },
    };

    /// <summary>Bought of a category so often in 90 days.</summary>
    public static object Bought(string category, int atLeast) =>
        new
        {
            purchases = new
            {
                measure = "count",
                category,
                atLeast,
                within = new { days = 90 },
            },
        };

    public static async Task<Guid> Known(this SegmentationFixture fixture)
    {
        var id = Guid.CreateVersion7();
        await fixture.Hear("customers", new Contracts.CustomerRegistered(id, "individual", null, fixture.Clock.GetUtcNow().AddDays(-300)));
        return id;
    }

    public static HttpClient Editor(this SegmentationFixture fixture) =>
        fixture.Http("segmentation.read", "segmentation.segments.write", "segmentation.segments.publish", "segmentation.segments.pin");

    public static async Task<JsonElement> Do(this HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/api/segmentation/" + path) { Content = JsonContent.Create(body ?? new { }) };
        var answer = await http.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static Task<JsonElement> Draft(
        this HttpClient http,
        string code,
        object? rule,
        string purpose = "service",
        object? holdout = null
    ) =>
        http.Do(
            HttpMethod.Put,
            $"rule-segments/{code}",
            new
            {
                names = new { zh = "北京玩具", en = "Beijing toys" },
                purpose,
                rule,
                holdout,
            }
        );

    /// <summary>Drafts, publishes, and lets it come to everybody.</summary>
    public static async Task Publish(this SegmentationFixture fixture, string code, object? rule, string purpose = "service")
    {
        await fixture.Editor().Draft(code, rule, purpose);
        await fixture.Editor().Do(HttpMethod.Post, $"rule-segments/{code}/publish");
        await fixture.Judge();
    }

    /// <summary>Everything that was told and published is judged, and the views follow.</summary>
    public static async Task Judge(this SegmentationFixture fixture)
    {
        await fixture.CatchUp();
        await fixture.CatchUp();
        await fixture.RunDue<SpreadSegments>();
        await fixture.RunDue<JudgeSegments>();
        await fixture.CatchUp();
    }

    public static async Task<List<Guid>> Members(this SegmentationFixture fixture, string code, string? asOf = null)
    {
        var (members, next) = (new List<Guid>(), (string?)"");
        while (next is not null)
        {
            var page = await fixture
                .Editor()
                .GetFromJsonAsync<JsonElement>(
                    $"/api/segmentation/rule-segments/{code}/members?limit=200"
                        + (asOf is null ? "" : $"&asOf={Uri.EscapeDataString(asOf)}")
                        + (next is "" ? "" : $"&after={next}")
                );
            members.AddRange(page.GetProperty("items").EnumerateArray().Select(m => m.GetProperty("customerId").GetGuid()));
            next = page.GetProperty("next").GetString();
        }
        return members;
    }

    /// <summary>What was recorded of a customer and a segment, oldest first: <c>in facts 2026-…</c>.</summary>
    public static async Task<List<(bool In, string Cause, DateTimeOffset At)>> Changes(
        this SegmentationFixture fixture,
        string code,
        Guid customer
    )
    {
        var page = await fixture
            .Editor()
            .GetFromJsonAsync<JsonElement>($"/api/segmentation/rule-segments/{code}/changes?customer={customer}");
        return
        [
            .. page.GetProperty("items")
                .EnumerateArray()
                .Select(c =>
                    (
                        c.GetProperty("entered").GetBoolean(),
                        c.GetProperty("cause").GetString()!,
                        c.GetProperty("occurredAt").GetDateTimeOffset()
                    )
                )
                .Reverse(),
        ];
    }

    public static Contracts.PurchaseRecorded Toys(Guid customer, DateTimeOffset at, string category = "toys") =>
        new(customer, Guid.CreateVersion7(), "shop", "1", "web", "USD", 20, "USD", 20, 1, [new("toy-1", category, 1, 20)], at);

    public static Contracts.ProfileChanged Lives(Guid customer, string province, DateTimeOffset at) =>
        new(customer, "individual", "25-34", null, null, null, province, "zh-CN", at);
}
