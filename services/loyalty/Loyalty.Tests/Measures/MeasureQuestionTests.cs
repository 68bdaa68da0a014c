using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Loyalty.Tests.Measures;

[Collection("loyalty")]
public class MeasureQuestionTests(LoyaltyRoom room)
{
    [Theory]
    [
        InlineData("measures?asOf=2999-01-01T00:00:00Z", 400, "asOf"),
        InlineData("measures?activeDays=0", 400, "activeDays"),
        InlineData("measures?activeDays=3661", 400, "activeDays"),
        InlineData("measures/liability?by=weather", 400, "by")
    ]
    [
        InlineData("measures/cohorts?asOf=2999-01-01T00:00:00Z", 400, "asOf"),
        InlineData("measures/repeat-rate/events?part=both", 400, "part"),
        InlineData("measures/liability/events?part=denominator", 400, "part")
    ]
    [
        InlineData("measures/repeat-rate/events?by=age", 400, "by"),
        InlineData("measures/repeat-rate/events?bucket=debt", 400, "bucket"),
        InlineData("measures/liability/events?bucket=%00", 400, "bucket")
    ]
    [
        InlineData("measures/repeat-rate/events?cohort=March", 400, "cohort"),
        InlineData("measures/tenure-median/events?cohort=2026-03", 400, "cohort"),
        InlineData("measures/repeat-rate/events?after=x", 400, "after"),
        InlineData("measures/repeat-rate/events?limit=0", 400, "limit")
    ]
    [InlineData("measures/happiness/events", 404, null)]
    public async Task a_malformed_question_names_its_field(string path, int status, string? field)
    {
        var answer = await room.Everything.GetAsync("/api/loyalty/" + path);
        answer.StatusCode.ShouldBe((HttpStatusCode)status);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe(status == 404 ? "urn:crm:not-found" : "urn:crm:invalid-request");
        if (field is not null)
            problem.GetRawText().ShouldContain($"\"{field}\"");
    }
}
