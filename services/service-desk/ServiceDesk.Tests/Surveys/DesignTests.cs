using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Surveys;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;
using static CrmPlatform.ServiceDesk.Tests.Surveys.SurveyRequests;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>What may be published as a survey, and as its next version.</summary>
public sealed class DesignTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static readonly DateTimeOffset now = DeskFixture.June(1, "10:00");

    static Survey Published(params SurveyContent[] contents) =>
        contents.Aggregate(Survey.Initial, (s, content) => s.Evolve(PublishSurvey.Decide(s, "desk", content, now).Single()));

    static string Refused(SurveyContent content, params SurveyContent[] before) =>
        Should.Throw<RuleViolationException>(() => PublishSurvey.Decide(Published(before), "desk", content, now)).Code;

    static SurveyContent With(SurveyContent content, params SurveyQuestion[] more) =>
        content with
        {
            Questions = [.. content.Questions, .. more],
        };

    [Fact]
    public void a_version_is_what_differs()
    {
        var survey = Published(Content());
        PublishSurvey.Decide(survey, "desk", Content(), now).ShouldBeEmpty();
        PublishSurvey
            .Decide(survey, "desk", With(Content(), Score("ease", "ces")), now)
            .ShouldHaveSingleItem()
            .ShouldBeOfType<SurveyPublished>()
            .Version.ShouldBe(2);
    }

    [Fact]
    public void a_question_that_is_measured_keeps_its_meaning()
    {
        Refused(Content(type: "nps"), Content(type: "csat")).ShouldBe("meaning-changed");
        // Nor does it come back as something else.
        var gone = With(Content(), Score("ease", "ces"));
        Refused(With(Content(), Score("ease", "csat")), gone, Content()).ShouldBe("meaning-changed");
        Refused(With(Content(), new SurveyQuestion("ease", "text", Both("什么", "What"))), gone).ShouldBe("meaning-changed");
        Published(Content(), With(Content(), new SurveyQuestion("other", "text", Both("什么", "What")))).Version.ShouldBe(2);
    }

    [Fact]
    public void a_condition_looks_back_only()
    {
        SurveyQuestion If(string id, string on, params string[] codes) => new(id, "text", Both("什么", "What"), ShowIf: new(on, codes));
        Refused(With(Content(), If("a", "a", "1"))).ShouldBe("logic-cycle");
        Refused(With(Content(), If("a", "b", "1"), Score("b", "csat"))).ShouldBe("logic-cycle");
        Refused(With(Content(), If("a", "why", "1"))).ShouldBe("logic-cycle", "a text has no codes");
        Refused(With(Content(), If("a", "overall", "6"))).ShouldBe("logic-unknown");
        Published(With(Content(), If("a", "topics", "price", "staff"))).Version.ShouldBe(1);
    }

    [Fact]
    public void texts_have_the_languages_of_the_title()
    {
        Refused(Content() with { Title = new() }).ShouldBe("language-missing");
        Refused(Content() with { Title = new(Zh: "服务") }).ShouldBe("language-missing");
        Refused(With(Content(), new SurveyQuestion("a", "text", new(En: "What?")))).ShouldBe("language-missing");
    }

    [Fact]
    public void questions_are_told_apart_and_choices_have_choices()
    {
        Refused(With(Content(), Score("overall", "csat"))).ShouldBe("question-twice");
        Refused(With(Content(), new SurveyQuestion("a", "choice", Both("什么", "What")))).ShouldBe("choices");
        Refused(With(Content(), Score("a", "csat") with { Many = true })).ShouldBe("choices");
        Refused(Content() with { Metric = "why" }).ShouldBe("metric-missing");
        Refused(Content() with { Metric = "nothing" }).ShouldBe("metric-missing");
        Refused(Content(closesAt: now)).ShouldBe("closes-in-the-past");
    }

    [Fact]
    public async Task the_same_content_again_is_no_new_version_and_a_closed_survey_stays_closed()
    {
        var code = await fixture.Publish();
        var again = await fixture.Put(code, Content());
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.Content.ReadFromJsonAsync<Changed>())!.Version.ShouldBe(1);
        var next = await fixture.Put(code, With(Content(), Score("ease", "ces")));
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Asked($"surveys/{code}")).GetProperty("number").GetInt32().ShouldBe(2);

        for (var i = 0; i < 2; i++)
            (await fixture.Researcher().PostAsync($"/api/service-desk/surveys/{code}/close", null)).EnsureSuccessStatusCode();
        var survey = await fixture.Asked($"surveys/{code}");
        survey.GetProperty("closed").GetBoolean().ShouldBeTrue();
        survey.GetProperty("version").GetInt64().ShouldBe(3, "closed twice is closed once");
        await Problem(await fixture.Put(code, Content()), 422, "survey-closed");
        await Problem(await fixture.Put(await fixture.Publish(), Content(type: "nps")), 422, "meaning-changed");
        await Problem(await fixture.Researcher().GetAsync("/api/service-desk/surveys/nobody-knows"), 404, "not-found");
        await Problem(await fixture.Researcher().PostAsync("/api/service-desk/surveys/nobody-knows/close", null), 404, "not-found");
        (await fixture.Asked("surveys?limit=200"))
            .GetProperty("items")
            .EnumerateArray()
            .Single(s => s.GetProperty("code").GetString() == code)
            .GetProperty("closedAt")
            .ValueKind.ShouldBe(JsonValueKind.String);
    }
}
