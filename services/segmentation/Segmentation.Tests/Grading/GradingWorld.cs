using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.Grading;

/// <summary>What the tests of grading say to the room and ask of it.</summary>
static class GradingWorld
{
    /// <summary>Half by net revenue of 0 to 1,000, half by orders of 0 to 10: S from 80, A from 60, B from 40.</summary>
    public const string Plain = """
        {"name":"Value","indicators":[
            {"id":"amount","source":{"purchases":{"measure":"net"}},"weight":0.5,"norm":"minMax","lo":0,"hi":1000},
            {"id":"orders","source":{"purchases":{"measure":"count"}},"weight":0.5,"norm":"minMax","lo":0,"hi":10}],
         "grades":[{"grade":"S","from":80},{"grade":"A","from":60},{"grade":"B","from":40},{"grade":"C","from":0}]}
        """;

    /// <summary>Every source, both norms, a window, a cap.</summary>
    public const string Full = """
        {"name":"Everything","indicators":[
            {"id":"net","source":{"purchases":{"measure":"net","days":20}},"weight":0.2,"norm":"percentile","group":"money"},
            {"id":"average","source":{"purchases":{"measure":"average","days":20}},"weight":0.2,"norm":"percentile","missing":"mean",
                "group":"money"},
            {"id":"days","source":{"purchases":{"measure":"distinctDays"}},"weight":0.1,"norm":"percentile"},
            {"id":"quiet","source":{"purchases":{"measure":"daysSinceLast","days":20}},"weight":0.1,"norm":"percentile",
                "direction":"down","missing":"skip"},
            {"id":"index","source":{"score":"index"},"weight":0.2,"norm":"minMax","lo":1,"hi":5},
            {"id":"class","source":{"score":"abc"},"weight":0.2,"norm":"minMax","lo":1,"hi":3}],
         "groups":[{"id":"money","cap":30}],
         "grades":[{"grade":"S","from":60},{"grade":"A","from":40},{"grade":"B","from":20},{"grade":"C","from":0}],"hysteresis":1}
        """;

    static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public static Task<HttpResponseMessage> Publish(this SegmentationFixture fixture, string code, string body) =>
        fixture.Http("segmentation.grading.write").PutAsync($"/api/segmentation/grade-schemes/{code}", Json(body));

    public static async Task<Guid> Grade(
        this SegmentationFixture fixture,
        string code,
        HttpStatusCode expected = HttpStatusCode.Created,
        DateOnly? asOf = null
    )
    {
        var answer = await fixture.Http("segmentation.run").PostAsJsonAsync($"/api/segmentation/grade-schemes/{code}/runs", new { asOf });
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        await fixture.Settle();
        return (await answer.Content.ReadFromJsonAsync<Changed>())!.Id;
    }

    public static async Task<JsonElement> Preview(this SegmentationFixture fixture, string code, string? draft = null)
    {
        var answer = await fixture
            .Http("segmentation.read")
            .PostAsync($"/api/segmentation/grade-schemes/{code}/preview", Json(draft is null ? "{}" : $$"""{"draft":{{draft}} }"""));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public static async Task<HttpResponseMessage> Say(
        this SegmentationFixture fixture,
        Guid customer,
        string code,
        string grade,
        DateTimeOffset until,
        string reason = "key-account"
    ) =>
        await fixture
            .Http("segmentation.grading.override")
            .PutAsJsonAsync(
                $"/api/segmentation/customers/{customer}/grades/{code}",
                new
                {
                    grade,
                    reason,
                    until,
                }
            );

    /// <summary>The grade that stands and the computed one; null where nothing stands.</summary>
    public static async Task<(string Stands, string? Computed)?> Stands(this SegmentationFixture fixture, Guid customer, string code)
    {
        var all = await fixture.Get($"customers/{customer}/grades");
        return
            all.EnumerateArray().FirstOrDefault(g => g.GetProperty("scheme").GetString() == code)
                is { ValueKind: JsonValueKind.Object } found
            ? (
                found.GetProperty("grade").GetString()!,
                found.GetProperty("computed") is { ValueKind: JsonValueKind.Object } c ? c.GetProperty("grade").GetString() : null
            )
            : null;
    }

    public static async Task<Dictionary<string, long>> Counts(this SegmentationFixture fixture, string code) =>
        (await fixture.Get($"grade-schemes/{code}/grades"))
            .EnumerateArray()
            .ToDictionary(r => r.GetProperty("name").GetString()!, r => r.GetProperty("customers").GetInt64());

    /// <summary>What the others have heard of a customer's grade, in its order.</summary>
    public static async Task<List<(string? From, string To, string? Cause, DateTimeOffset At)>> Told(
        this SegmentationFixture fixture,
        Guid customer,
        string code
    ) =>
        [
            .. (await fixture.Store.FetchStream(CustomerGrade.Of(customer, code).Id))
                .Select(SegmentationFeed.Translate)
                .OfType<OutgoingFact>()
                .Select(f => (Contracts.GradeChanged)f.Contract)
                .Select(g => (g.From, g.To, g.Cause, g.OccurredAt)),
        ];
}
