using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Tests.Churn;
using CrmPlatform.Segmentation.Tests.Grading;
using CrmPlatform.Segmentation.Tests.Groups;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>Rules ask what this room itself says: grades of schemes, episodes of churn.</summary>
public class SaidConditionTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    static object Graded(string scheme, params string[] grades) =>
        new
        {
            score = new
            {
                of = "grade",
                scheme,
                @in = grades,
            },
        };

    [Fact]
    public async Task a_grade_that_stands_decides_until_it_stands_no_more()
    {
        var id = await fixture.Known();
        await GradingWorld.Publish(fixture, "said", GradingWorld.Plain);
        await fixture.Hear("customers", [.. Enumerable.Range(0, 3).Select(i => Purchase(id, i == 0 ? 300 : 100, Now.AddDays(-i - 3)))]);
        await fixture.Settle();
        await fixture.Grade("said");
        (await fixture.Stands(id, "said")).ShouldBe(("B", "B"));

        var http = fixture.Editor();
        await http.Draft("graded", Graded("said", "S", "A"));
        (await http.Do(HttpMethod.Post, "rule-segments/graded/preview")).GetProperty("enter").GetArrayLength().ShouldBe(0);
        await fixture.Publish("graded", Graded("said", "S", "A"));
        await fixture.Publish("ungraded", new { not = Graded("said", "S", "A") });
        (await fixture.Members("graded")).ShouldBeEmpty();
        (await fixture.Members("ungraded")).ShouldBe([id], "nobody else has a grade");

        fixture.Clock.Advance(TimeSpan.FromHours(1));
        var (said, until) = (Now, Now.AddDays(10));
        (await fixture.Say(id, "said", "S", until)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await fixture.Judge();
        (await fixture.Members("graded")).ShouldBe([id]);
        (await fixture.Members("ungraded")).ShouldBeEmpty();
        var why = await http.GetFromJsonAsync<JsonElement>($"/api/segmentation/rule-segments/graded/members/{id}/explain");
        why.GetProperty("member").GetBoolean().ShouldBeTrue();
        why.GetProperty("rule").GetProperty("text").GetProperty("en").GetString().ShouldBe("grade of said is S or A: yes");
        var cited = why.GetProperty("rule").GetProperty("evidence")[0];
        cited.GetProperty("what").GetString().ShouldBe(nameof(GradeChanged));
        cited.GetProperty("occurredAt").GetDateTimeOffset().ShouldBe(said, TimeSpan.FromSeconds(5));

        // However late the clock comes by, the override and the membership end at its own instant.
        fixture.Clock.Advance(TimeSpan.FromDays(30));
        await fixture.RunDue<EndOverrides>();
        await fixture.Judge();
        var changes = await fixture.Changes("graded", id);
        changes.Select(c => (c.In, c.Cause)).ShouldBe([(true, "facts"), (false, "facts")]);
        changes[0].At.ShouldBe(said, TimeSpan.FromSeconds(5));
        changes[1].At.ShouldBe(until, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task a_grade_or_scheme_that_there_is_not_is_refused()
    {
        await GradingWorld.Publish(fixture, "plain", GradingWorld.Plain);
        (await Refused(Graded("nobody-knows", "S"))).ShouldBe(("urn:crm:scheme-unknown", "rule.score.scheme"));
        (await Refused(new { not = Graded("plain", "S", "Z") })).ShouldBe(("urn:crm:grade-unknown", "rule.not.score.in"));

        async Task<(string?, string?)> Refused(object rule)
        {
            var answer = await fixture
                .Editor()
                .PutAsJsonAsync(
                    "/api/segmentation/rule-segments/refused",
                    new
                    {
                        names = new { zh = "空", en = "Empty" },
                        purpose = "service",
                        rule,
                    }
                );
            answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return (problem.GetProperty("type").GetString(), problem.GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task who_cancelled_is_a_member_until_they_buy_again()
    {
        var id = await fixture.Known();
        await fixture.Hear("customers", Purchase(id, 30, Now.AddDays(-5)));
        await fixture.Publish("cancelled", new { score = new { of = "churn", @in = new[] { "cancelled" } } });
        await fixture.Publish("healthy", new { score = new { of = "riskBand", @in = new[] { "ok" } } });
        (await fixture.Members("healthy")).ShouldContain(id);
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        var gone = Now;
        (await fixture.Say($"churn/{id}/cancelled")).EnsureSuccessStatusCode();
        await fixture.JudgeChurn();
        await fixture.Judge();
        (await fixture.Members("cancelled")).ShouldBe([id]);
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        var back = Now.AddHours(-2);
        await fixture.Hear("customers", Purchase(id, 30, back));
        await fixture.JudgeChurn();
        await fixture.Judge();
        (await fixture.Members("cancelled")).ShouldBeEmpty();
        var changes = await fixture.Changes("cancelled", id);
        changes[0].At.ShouldBe(gone, TimeSpan.FromSeconds(5));
        changes[1].At.ShouldBe(back, TimeSpan.FromMilliseconds(1));
    }
}
