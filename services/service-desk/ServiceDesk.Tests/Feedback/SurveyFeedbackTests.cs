using System.Net;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Feedback;
using CrmPlatform.ServiceDesk.Surveys;
using CrmPlatform.ServiceDesk.Tests.Surveys;

namespace CrmPlatform.ServiceDesk.Tests.Feedback;

/// <summary>What customers write in surveys is feedback, and who answers badly is spoken with. A room of its own.</summary>
public class SurveyFeedbackTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    async Task<JsonElement[]> Items(string path) => [.. (await fixture.Get(path)).GetProperty("items").EnumerateArray()];

    async Task Answer(Guid invitation, int score, string? why = null) =>
        (await fixture.Answer(invitation, SurveyRequests.Answers(score, why))).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task an_answer_is_coded_and_coded_anew_when_it_is_changed()
    {
        var code = await fixture.Publish();
        var (customer, invitation) = await fixture.Invited(code);
        await Answer(invitation, 1, "物流慢");
        await fixture.RunDue<CodeFeedback>();
        var said = (await Items($"feedback?customer={customer}&source=survey")).ShouldHaveSingleItem();
        said.GetProperty("id").GetGuid().ShouldBe(invitation);
        said.GetProperty("themes").EnumerateArray().Select(t => t.GetString()).ShouldBe(["delivery-late"]);
        await Answer(invitation, 2, "客服态度差");
        await fixture.RunDue<CodeFeedback>();
        (await fixture.RunDue<CodeFeedback>()).ShouldBe(0);
        var changed = await fixture.Get($"feedback/{invitation}");
        changed.GetProperty("text").GetString().ShouldBe("客服态度差");
        changed.GetProperty("feedback").GetProperty("themes").EnumerateArray().Select(t => t.GetString()).ShouldBe(["service-attitude"]);

        var (silent, other) = await fixture.Invited(code);
        await Answer(other, 5);
        (await Items($"feedback?customer={silent}")).ShouldBeEmpty("without a text there is nothing to code");
    }

    [Theory]
    [InlineData("csat", 2, 3)]
    [InlineData("nps", 6, 7)]
    [InlineData("ces", 3, 4)]
    public async Task who_answers_badly_is_spoken_with_once(string metric, int bad, int good)
    {
        var code = await fixture.Publish(SurveyRequests.Content(type: metric));
        var (customer, invitation) = await fixture.Invited(code);
        await Answer(invitation, good);
        await fixture.CatchUp();
        (await Items($"loops?customer={customer}")).ShouldBeEmpty();
        await Answer(invitation, bad);
        await Answer(invitation, bad - 1);
        await fixture.CatchUp();
        var loop = (await Items($"loops?customer={customer}")).ShouldHaveSingleItem(
            "one that replaces another bad one is followed already"
        );
        (loop.GetProperty("reason").GetString(), loop.GetProperty("score").GetInt32()).ShouldBe((metric, bad));
        loop.GetProperty("ticketId").ValueKind.ShouldBe(JsonValueKind.Null);
    }
}
