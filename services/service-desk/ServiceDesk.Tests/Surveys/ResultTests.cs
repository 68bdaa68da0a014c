using CrmPlatform.ServiceDesk.Surveys;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;
using static CrmPlatform.ServiceDesk.Tests.Surveys.SurveyRequests;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>Results of a survey are those of the invitations that are asked about.</summary>
public sealed class ResultTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task results_count_what_was_answered()
    {
        var code = await fixture.Publish(Content(SurveyContent.Relational, "nps"));
        var (spring, summer) = (fixture.Clock.GetUtcNow().AddDays(-200), fixture.Clock.GetUtcNow().AddDays(-100));
        int[] scores = [10, 9, 9, 10, 9, 10, 9, 8, 7, 2];
        var first = await fixture.Wave(code, "spring", Enumerable.Range(0, 12).Select(_ => Guid.CreateVersion7()), spring);
        foreach (var (score, invited) in scores.Zip(first.Customers))
            (
                await fixture.Answer(invited.InvitationId, At(Answers(score, null, "price", "speed"), spring.AddDays(1)))
            ).EnsureSuccessStatusCode();
        await fixture.Put(code, Content(SurveyContent.Relational, "nps") with { Purpose = Both("改进。", "To improve.") });
        // Of those who are asked again, two have been silent; asked too early they are not asked.
        await fixture.Wave(code, "too-early", first.Customers.Select(c => c.CustomerId), spring.AddDays(50));
        var second = await fixture.Wave(code, "summer", first.Customers.Select(c => c.CustomerId), summer);
        (await fixture.Answer(second.Customers[0].InvitationId, At(Answers(0), summer.AddDays(1)))).EnsureSuccessStatusCode();

        var all = await fixture.Asked($"surveys/{code}/results");
        (all.GetProperty("invited").GetInt32(), all.GetProperty("finished").GetInt32()).ShouldBe((24, 11));
        all.GetProperty("suppressed").GetProperty("relational-90-days").GetInt32().ShouldBe(12);
        all.GetProperty("responseRate").GetDecimal().ShouldBe(.4583m);
        var overall = all.GetProperty("questions")[0];
        overall.GetProperty("n").GetInt32().ShouldBe(11);
        var topics = all.GetProperty("questions")[1];
        (topics.GetProperty("n").GetInt32(), topics.GetProperty("distribution").GetProperty("speed").GetInt32()).ShouldBe((10, 10));

        foreach (var of in new[] { "wave=spring", "version=1", $"until={summer.AddDays(-60):yyyy-MM-ddTHH:mm:ssZ}" })
        {
            var part = await fixture.Asked($"surveys/{code}/results?{of}");
            part.GetProperty("invited").GetInt32().ShouldBe(12, of);
            var nps = part.GetProperty("questions")[0].GetProperty("nps");
            (nps.GetProperty("score").GetDecimal(), nps.GetProperty("low").GetDecimal(), nps.GetProperty("high").GetDecimal()).ShouldBe(
                (60.0m, 7.0m, 85.3m)
            );
        }
        var few = (await fixture.Asked($"surveys/{code}/results?wave=summer")).GetProperty("questions")[0];
        few.GetProperty("n").GetInt32().ShouldBe(1);
        few.TryGetProperty("nps", out var hidden).ShouldBe(hidden.ValueKind == System.Text.Json.JsonValueKind.Null);
        await Problem(await fixture.Researcher().GetAsync("/api/service-desk/surveys/nobody-knows/results"), 404);
    }
}
