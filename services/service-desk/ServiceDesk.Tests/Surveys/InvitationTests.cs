using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Surveys;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;
using static CrmPlatform.ServiceDesk.Tests.Surveys.SurveyRequests;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>Who is asked, when they are reminded, and when it ends. The desk of these tests is always open.</summary>
public sealed class InvitationTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task a_preview_says_what_a_wave_does_and_does_nothing()
    {
        var code = await fixture.Publish();
        var (anna, ben, gone) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await fixture.Hear("customers", new Contracts.CustomerForgotten(gone, fixture.Clock.GetUtcNow()));
        await fixture.Post(
            "tickets",
            new
            {
                customerId = ben,
                kind = "complaint",
                category = "delivery",
                channel = "web",
                subject = "Burnt",
                severity = "critical",
            },
            HttpStatusCode.Created
        );
        var preview = await fixture.Wave(code, "q1", [anna, ben, gone, anna], dryRun: true);
        (preview.Invited, preview.Unchanged).ShouldBe((1, 0));
        preview.Suppressed.ShouldBe(
            new Dictionary<string, int> { [Suppression.Forgotten] = 1, [Suppression.Complaint] = 1 },
            ignoreOrder: true
        );
        (await fixture.Asked($"surveys/{code}/invitations")).GetProperty("items").GetArrayLength().ShouldBe(0);

        var wave = await fixture.Wave(code, "q1", [anna, ben, gone]);
        wave.Customers.ShouldBe(preview.Customers);
        var again = await fixture.Wave(code, "q1", [anna, ben, gone]);
        again.Unchanged.ShouldBe(3, "the same wave again asks nobody twice");

        var suppressed = (await fixture.Asked($"surveys/{code}/invitations?state=suppressed")).GetProperty("items");
        suppressed
            .EnumerateArray()
            .Select(i => i.GetProperty("reason").GetString())
            .ShouldBe(["urgent-complaint", "forgotten"], ignoreOrder: true);
        var annas = (await fixture.Asked($"surveys/{code}/invitations?customer={anna}")).GetProperty("items");
        annas[0].GetProperty("sending").GetString().ShouldBe("planned");
        await Problem(await fixture.Researcher().GetAsync($"/api/service-desk/surveys/{code}/invitations?state=lost"), 400);
        await Problem(
            await fixture.Researcher().PostAsJsonAsync("/api/service-desk/surveys/none/invitations", new InviteCustomers([anna], "q1")),
            404
        );
        await Problem(
            await fixture
                .Researcher()
                .PostAsJsonAsync($"/api/service-desk/surveys/{code}/invitations", new InviteCustomers([Guid.Empty], "q1")),
            400
        );
    }

    [Fact]
    public async Task a_share_is_drawn_and_is_the_same_again()
    {
        var code = await fixture.Publish();
        var customers = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToArray();
        var wave = await fixture.Wave(code, "q1", customers, dryRun: true, share: .3m);
        wave.Invited.ShouldBeInRange(55, 130);
        wave.Suppressed[Suppression.NotDrawn].ShouldBe(300 - wave.Invited);
        (await fixture.Wave(code, "q1", customers, dryRun: true, share: .3m)).Customers.ShouldBe(wave.Customers);
    }

    [Fact]
    public async Task of_a_closed_survey_nobody_is_asked()
    {
        var code = await fixture.Publish();
        await fixture.Researcher().PostAsync($"/api/service-desk/surveys/{code}/close", null);
        (await fixture.Wave(code, "q1", [Guid.CreateVersion7()])).Suppressed.Keys.ShouldBe([Suppression.Closed]);
    }

    [Fact]
    public async Task after_a_ticket_its_customer_is_asked_once_a_day_later()
    {
        var code = await fixture.Publish(Content(afterTicket: true));
        var (solved, reopened) = (await fixture.Open(), await fixture.Open());
        foreach (var ticket in new[] { solved, reopened })
            await fixture.Post($"tickets/{ticket}/resolve", Valid("resolve"));
        await fixture.Post($"tickets/{reopened}/reopen", Valid("reopen"));
        var at = (await fixture.Get($"tickets/{solved}")).GetProperty("resolvedAt").GetDateTimeOffset();
        await fixture.RunDue<InviteAfterTickets>();
        (await Of(solved)).ShouldBeEmpty("not yet");

        fixture.Clock.Advance(TimeSpan.FromHours(30));
        await fixture.RunDue<InviteAfterTickets>();
        var made = (await Of(solved)).Single();
        made.GetProperty("madeAt").GetDateTimeOffset().ShouldBe(at.AddHours(24), TimeSpan.FromMilliseconds(1), "however late the clock is");
        made.GetProperty("expiresAt").GetDateTimeOffset().ShouldBe(at.AddDays(15), TimeSpan.FromMilliseconds(1));
        (await Of(reopened)).ShouldBeEmpty();

        await fixture.Post($"tickets/{solved}/reopen", Valid("reopen"));
        await fixture.Post($"tickets/{solved}/resolve", Valid("resolve"));
        fixture.Clock.Advance(TimeSpan.FromHours(30));
        (await fixture.RunDue<InviteAfterTickets>()).ShouldBe(0);
        (await Of(solved)).Length.ShouldBe(1, "one matter is asked about once");

        async Task<JsonElement[]> Of(Guid ticket) =>
            [
                .. (await fixture.Asked($"surveys/{code}/invitations?limit=200"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Where(i => i.GetProperty("ticketId").GetGuid() == ticket),
            ];
    }

    [Fact]
    public async Task who_does_not_answer_is_reminded_once_and_the_invitation_ends()
    {
        var code = await fixture.Publish();
        var (_, silent) = await fixture.Invited(code);
        var (_, prompt) = await fixture.Invited(code);
        var made = ((InvitationMade)(await fixture.Facts(silent))[0]).OccurredAt;
        (await fixture.Answer(prompt, Answers(5))).EnsureSuccessStatusCode();
        fixture.Clock.Advance(TimeSpan.FromDays(3.5));
        await fixture.RunDue<InvitationClock>();
        await fixture.RunDue<InvitationClock>();
        (await fixture.Facts(silent)).OfType<InvitationReminded>().Single().OccurredAt.ShouldBe(made.AddDays(3));
        (await fixture.Facts(prompt)).OfType<InvitationReminded>().ShouldBeEmpty();
        var reminder = await fixture.Store.Read(Message.Of(Message.IdOf("survey-reminder", silent.ToString())));
        reminder.State.Plan!.Values.ShouldBe(
            new Dictionary<string, string> { ["invitation"] = silent.ToString(), ["survey"] = code },
            ignoreOrder: true,
            "a message holds no link"
        );

        fixture.Clock.Advance(TimeSpan.FromDays(20));
        await fixture.RunDue<InvitationClock>();
        (await fixture.RunDue<InvitationClock>()).ShouldBe(0);
        (await fixture.Facts(silent)).OfType<InvitationExpired>().Single().OccurredAt.ShouldBe(made.AddDays(14));
        (await fixture.Facts(prompt)).OfType<InvitationExpired>().ShouldBeEmpty();
    }

    [Fact]
    public async Task what_is_told_of_the_past_is_not_sent()
    {
        var code = await fixture.Publish();
        var (customer, id) = await fixture.Invited(code, fixture.Clock.GetUtcNow().AddDays(-20));
        await fixture.RunDue<InvitationClock>();
        (await fixture.Facts(id)).Select(f => f.GetType().Name).ShouldBe(["InvitationMade", "InvitationExpired"]);
        (await fixture.Store.FetchStream(Message.IdOf("survey-invitation", id.ToString()))).ShouldBeEmpty();
        (await fixture.Wave(code, "second", [customer])).Invited.ShouldBe(1);
    }

    [Fact]
    public async Task a_forgotten_customers_invitation_ends()
    {
        var code = await fixture.Publish();
        var (customer, id) = await fixture.Invited(code);
        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        fixture.Clock.Advance(TimeSpan.FromDays(20));
        await fixture.RunDue<InvitationClock>();
        (await fixture.Facts(id)).Count.ShouldBe(1);
        (await fixture.Asked($"surveys/{code}/invitations?state=ended")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await Problem(await fixture.Answer(id, Answers(5)), 422, "customer-forgotten");
    }
}
