using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Surveys;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;
using static CrmPlatform.ServiceDesk.Tests.Surveys.SurveyRequests;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>What customers answer, and what other rooms hear of it.</summary>
public sealed class AnswerTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Words = "the courier 张三 was rude";

    [Theory]
    [InlineData("answer-required", """[{"question":"topics","codes":["price"]}]""")]
    [InlineData("answer-out-of-range", """[{"question":"overall","score":6}]""")]
    [InlineData("answer-out-of-range", """[{"question":"overall","score":0}]""")]
    [InlineData("answer-out-of-range", """[{"question":"overall","codes":["5"]}]""")]
    [InlineData("answer-out-of-range", """[{"question":"overall","text":"5"}]""")]
    [InlineData("answer-out-of-range", """[{"question":"overall","score":5},{"question":"topics","codes":["weather"]}]""")]
    [InlineData("answer-out-of-range", """[{"question":"overall","score":5},{"question":"topics","codes":["price","price"]}]""")]
    [InlineData("answer-out-of-range", """[{"question":"overall","score":1},{"question":"why","score":1}]""")]
    [InlineData("question-unknown", """[{"question":"overall","score":5},{"question":"mood","score":5}]""")]
    [InlineData("answered-twice", """[{"question":"overall","score":5},{"question":"overall","score":4}]""")]
    public async Task an_answer_that_is_none_is_refused_and_leaves_the_link_unused(string code, string answers)
    {
        var (_, id) = await fixture.Invited(await fixture.Publish());
        var refused = await fixture.Answer(id, new { answers = JsonSerializer.Deserialize<JsonElement>(answers) });
        await Problem(refused, 422, code);
        (await fixture.Answer(id, Answers(5))).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task a_text_has_a_limit_and_what_is_not_asked_is_not_kept()
    {
        var (_, id) = await fixture.Invited(await fixture.Publish());
        await Problem(await fixture.Answer(id, Answers(1, new string('x', 2_001))), 422, "text-too-long");
        (await fixture.Answer(id, Answers(5, Words))).EnsureSuccessStatusCode();
        (await fixture.Facts(id)).OfType<SurveyFinished>().Single().Personal.ShouldBeNull("only who is not satisfied is asked why");
    }

    [Fact]
    public async Task of_a_hundred_at_once_one_finishes_and_few_change_it()
    {
        var (_, id) = await fixture.Invited(await fixture.Publish());
        var done = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => fixture.Answer(id, Answers(1 + i % 5))));
        done.Select(d => (int)d.StatusCode).ShouldAllBe(status => status == 200 || status == 422);
        var facts = await fixture.Facts(id);
        facts.OfType<SurveyFinished>().Count().ShouldBe(1);
        facts.OfType<AnswerRevised>().Count().ShouldBeLessThanOrEqualTo(Invitation.MostRevisions);
        var (_, same) = await fixture.Invited(await fixture.Publish());
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => fixture.Answer(same, Answers(2, Words, "speed"))));
        (await fixture.Facts(same)).Count.ShouldBe(2, "the same answer again is no change");
    }

    [Fact]
    public async Task within_a_day_an_answer_may_be_changed_and_the_last_one_counts()
    {
        var code = await fixture.Publish();
        var (_, id) = await fixture.Invited(code);
        (await fixture.Answer(id, Answers(2, Words, "speed", "staff"))).EnsureSuccessStatusCode();
        fixture.Clock.Advance(TimeSpan.FromHours(23));
        (await fixture.Answer(id, Answers(4))).EnsureSuccessStatusCode();
        fixture.Clock.Advance(TimeSpan.FromHours(2));
        await Problem(await fixture.Answer(id, Answers(5)), 422, "token-spent");

        var view = await fixture.Asked($"invitations/{id}");
        view.GetProperty("answers").GetArrayLength().ShouldBe(2, "both are kept");
        view.GetProperty("answers")[0].GetProperty("texts").GetProperty("why").GetString().ShouldBe(Words);
        var results = await fixture.Asked($"surveys/{code}/results");
        var overall = results.GetProperty("questions")[0];
        overall.GetProperty("n").GetInt32().ShouldBe(1);
        overall.GetProperty("distribution").GetProperty("4").GetInt32().ShouldBe(1);
        overall.GetProperty("distribution").GetProperty("2").GetInt32().ShouldBe(0);
        results.GetProperty("questions")[1].GetProperty("n").GetInt32().ShouldBe(0, "nothing was chosen the second time");

        var told = (await fixture.Store.FetchStream(id))
            .Select(ServiceDeskFeed.Translate)
            .Select(f => f?.Contract)
            .OfType<Contracts.SurveyAnswered>()
            .ToList();
        told.Select(c => (c.TicketId, c.Metric, c.Score, c.Survey, c.Version, c.InvitationId, c.Replaces))
            .ShouldBe([(Guid.Empty, "csat", 2, code, 1, id, null), (Guid.Empty, "csat", 4, code, 1, (Guid?)id, (int?)2)]);
    }

    [Fact]
    public async Task a_late_answer_counts_until_the_survey_closes()
    {
        var closes = fixture.Clock.GetUtcNow().AddDays(30);
        var code = await fixture.Publish(Content(closesAt: closes));
        var (_, late) = await fixture.Invited(code);
        var (_, later) = await fixture.Invited(code);
        fixture.Clock.Advance(TimeSpan.FromDays(20));
        (await fixture.Answer(late, Answers(3))).EnsureSuccessStatusCode();
        (await fixture.Facts(late))
            .Select(f => f.GetType().Name)
            .ShouldBe(["InvitationMade", "InvitationExpired", "SurveyFinished"], "it had expired, though nobody had noticed");
        fixture.Clock.Advance(TimeSpan.FromDays(10.1));
        await Problem(await fixture.Answer(later, Answers(3)), 422, "survey-closed");
        (await fixture.Answer(later, At(Answers(3), closes.AddDays(-1)))).EnsureSuccessStatusCode();
        var results = await fixture.Asked($"surveys/{code}/results");
        (results.GetProperty("finished").GetInt32(), results.GetProperty("responseRate").GetDecimal()).ShouldBe((2, 1));
    }

    [Fact]
    public async Task an_answer_is_dated_after_its_invitation()
    {
        var then = fixture.Clock.GetUtcNow().AddDays(-5);
        var (_, id) = await fixture.Invited(await fixture.Publish(), then);
        await Problem(await fixture.Answer(id, At(Answers(5), then.AddDays(-1))), 422, "before-last-event");
        await Problem(await fixture.Answer(id, At(Answers(5), then.AddDays(50))), 422, "in-the-future");
        (await fixture.Answer(id, At(Answers(5), then.AddDays(1)))).EnsureSuccessStatusCode();
        await Problem(await fixture.Answer(Guid.CreateVersion7(), Answers(5)), 404, "not-found");
    }

    [Fact]
    public async Task the_answer_after_a_ticket_is_its_satisfaction_and_is_told_once()
    {
        var code = await fixture.Publish(Content(afterTicket: true));
        var (ticket, rated) = (await fixture.Open(), await fixture.Open());
        foreach (var solved in new[] { ticket, rated })
            await fixture.Post($"tickets/{solved}/resolve", Valid("resolve"));
        await fixture.Post($"tickets/{rated}/satisfaction", new { score = 1 });
        fixture.Clock.Advance(TimeSpan.FromHours(25));
        await fixture.RunDue<InviteAfterTickets>();
        var invitations = (await fixture.Asked($"surveys/{code}/invitations"))
            .GetProperty("items")
            .EnumerateArray()
            .ToDictionary(i => i.GetProperty("ticketId").GetGuid(), i => i.GetProperty("invitationId").GetGuid());

        (await fixture.Answer(invitations[ticket], Answers(5))).EnsureSuccessStatusCode();
        (await Satisfaction(ticket)).ShouldBe(5);
        (await fixture.Answer(invitations[ticket], Answers(3))).EnsureSuccessStatusCode();
        (await Satisfaction(ticket)).ShouldBe(3, "the last counts");
        (await Told(ticket, invitations[ticket])).ShouldBe([(5, null), (3, 5)]);

        (await fixture.Answer(invitations[rated], Answers(4))).EnsureSuccessStatusCode();
        (await Satisfaction(rated)).ShouldBe(1, "it had one");
        (await Told(rated, invitations[rated])).ShouldBe([(1, null), (4, null)]);

        async Task<int> Satisfaction(Guid id) => (await fixture.Get($"tickets/{id}")).GetProperty("satisfaction").GetInt32();

        async Task<(int, int?)[]> Told(Guid id, Guid invitation) =>
            [
                .. (await fixture.Store.FetchStream(id))
                    .Concat(await fixture.Store.FetchStream(invitation))
                    .Select(ServiceDeskFeed.Translate)
                    .Select(f => f?.Contract)
                    .OfType<Contracts.SurveyAnswered>()
                    .Select(c => (c.Score, c.Replaces)),
            ];
    }

    [Fact]
    public async Task what_was_written_is_sealed_shown_to_few_and_gone_with_the_person()
    {
        var code = await fixture.Publish();
        var (customer, id) = await fixture.Invited(code);
        (await fixture.Answer(id, Answers(1, Words, "staff"))).EnsureSuccessStatusCode();
        (await fixture.Database.Dump()).ShouldNotContain("was rude");
        var view = await fixture.Http("service-desk.surveys.read").GetFromJsonAsync<JsonElement>($"/api/service-desk/invitations/{id}");
        view.GetProperty("personal").GetString().ShouldBe("withheld");
        view.GetRawText().ShouldNotContain("was rude");
        await WithheldText.Check(fixture, [id, customer], Words);
        (await Export()).ShouldContain("was rude");

        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        (await fixture.Asked($"invitations/{id}")).GetRawText().ShouldNotContain("was rude");
        (await Export()).ShouldNotContain("was rude");
        (await fixture.Asked($"surveys/{code}/results")).GetProperty("finished").GetInt32().ShouldBe(1, "numbers stay");

        Task<string> Export() => fixture.Http("personal.export").GetStringAsync($"/api/service-desk/customers/{customer}/personal");
    }
}
