using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Surveys;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Agents;

/// <summary>A complaint about an agent is neither seen nor handled by that agent.</summary>
public class AboutAgentTests(AgentsDesk desk) : IClassFixture<AgentsDesk>
{
    static readonly string[] may =
    [
        "service-desk.read",
        "service-desk.write",
        "service-desk.complaints.write",
        "service-desk.surveys.read",
        "personal.read",
    ];

    async Task<Guid> Complain(string category, string? about, Guid? customer = null) =>
        (
            await desk.Post(
                "tickets",
                new
                {
                    customerId = customer ?? Guid.CreateVersion7(),
                    kind = "complaint",
                    category,
                    channel = "phone",
                    subject = "客服态度差",
                    aboutAgent = about,
                },
                HttpStatusCode.Created
            )
        ).Id;

    Task<HttpResponseMessage> Send(string agent, Guid ticket, string command, object? body = null) =>
        desk.As(agent, may).PostAsJsonAsync($"/api/service-desk/tickets/{ticket}/{command}", body ?? Valid(command));

    /// <summary>The lists in which an agent finds the ticket.</summary>
    async Task<List<string>> Finds(string agent, Guid ticket)
    {
        var found = new List<string>();
        foreach (
            var list in new[]
            {
                "tickets?limit=200",
                "queue?limit=200",
                "complaints?limit=200&from=2020-01-01T00:00:00Z&until=2099-01-01T00:00:00Z",
                "complaints/external-cases?limit=200",
                "feedback?limit=200",
                "loops?limit=200",
            }
        )
        {
            var shown = await desk.As(agent, may).GetStringAsync($"/api/service-desk/{list}");
            if (shown.Contains(ticket.ToString(), StringComparison.Ordinal))
                found.Add(list.Split('?')[0]);
        }
        foreach (var one in new[] { $"tickets/{ticket}", $"tickets/{ticket}/why", $"feedback/{ticket}" })
            if ((await desk.As(agent, may).GetAsync($"/api/service-desk/{one}")).StatusCode == HttpStatusCode.OK)
                found.Add(one.Replace(ticket.ToString(), "one", StringComparison.Ordinal));
        return found;
    }

    static readonly string[] all =
    [
        "tickets",
        "queue",
        "complaints",
        "complaints/external-cases",
        "feedback",
        "loops",
        "tickets/one",
        "tickets/one/why",
        "feedback/one",
    ];

    [Fact]
    public async Task who_is_complained_about_finds_it_nowhere_and_is_not_given_it()
    {
        await desk.Have("manners", "rude-a", 9);
        await desk.Have("manners", "rude-b", 1);
        var customer = Guid.CreateVersion7();
        await AgentsDesk.Ok(await desk.Dedicate(customer, "rude-a"));
        var id = await Complain("manners", "rude-a", customer);
        await Problem(await Send("rude-b", id, "assign", new { agent = "rude-a" }), 422, "complained-about");
        (await desk.Routed(id)).ShouldBe(("rude-b", "least-loaded"));
        await AgentsDesk.Ok(await Send("rude-b", id, "assess"));
        await Problem(await Send("rude-b", id, "investigate", new { owner = "rude-a" }), 422, "complained-about");
        await AgentsDesk.Ok(await Send("rude-b", id, "investigate"));
        await AgentsDesk.Ok(await Send("rude-b", id, "propose"));
        await desk.Post($"tickets/{id}/answer-proposal", new { answer = "rejected" });
        await AgentsDesk.Ok(
            await Send(
                "rude-b",
                id,
                "escalate-outside",
                new
                {
                    body = "12315",
                    reference = "A-1",
                    receivedAt = desk.Clock.GetUtcNow(),
                }
            )
        );
        await desk.CatchUp();

        (await Finds("rude-b", id)).ShouldBe(all);
        (await Finds("rude-a", id)).ShouldBeEmpty();
        foreach (var command in new[] { "notes", "claim", "route", "assign", "assess", "close", "wait" })
            await Problem(await Send("rude-a", id, command), 404, "not-found");
        await desk.Daemon.Rebuild("ticket-list");
        (await Finds("rude-a", id)).ShouldBeEmpty();
        var shown = await desk.As("rude-b", may).GetFromJsonAsync<JsonElement>($"/api/service-desk/tickets/{id}");
        shown.GetProperty("complaint").GetProperty("aboutAgent").GetString().ShouldBe("rude-a");
    }

    [Fact]
    public async Task whom_it_is_about_may_be_said_when_it_is_assessed_and_stays_said()
    {
        var id = await Complain("late", about: null);
        await AgentsDesk.Ok(await Send("late-a", id, "assign", new { }));
        var about = new { severity = "minor", aboutAgent = "late-a" };
        await Problem(await Send("late-b", id, "assess", about), 422, "complained-about");
        (await Finds("late-a", id)).ShouldNotBeEmpty();
        await AgentsDesk.Ok(await Send("late-b", id, "assign", new { }));
        await AgentsDesk.Ok(await Send("late-b", id, "assess", about));
        (await Finds("late-a", id)).ShouldBeEmpty();
        await AgentsDesk.Ok(await Send("late-b", id, "assess", new { severity = "major" }));
        (await Finds("late-a", id)).ShouldBeEmpty();
        await Problem(await Send("late-b", id, "assign", new { agent = "late-a" }), 422, "complained-about");
    }

    [Fact]
    public async Task what_was_answered_about_it_is_hidden_as_well()
    {
        var id = await Complain("survey", "asked-a");
        var invitation = Guid.CreateVersion7();
        var now = desk.Clock.GetUtcNow();
        var made = Write.To(
            Invitation.Of(invitation),
            _ =>
                [
                    new InvitationMade(
                        SurveyId: Survey.IdOf("after-ticket"),
                        Survey: "after-ticket",
                        Version: 1,
                        Kind: "transactional",
                        CustomerId: Guid.CreateVersion7(),
                        TicketId: id,
                        Wave: null,
                        Channel: "email",
                        Language: null,
                        RemindAt: null,
                        ExpiresAt: now.AddDays(14),
                        OccurredAt: now
                    ),
                ]
        );
        await desk.Store.Execute([made]);
        async Task<HttpStatusCode> Asks(string agent) =>
            (await desk.As(agent, may).GetAsync($"/api/service-desk/invitations/{invitation}")).StatusCode;
        (await Asks("asked-b"), await Asks("asked-a")).ShouldBe((HttpStatusCode.OK, HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task only_a_complaint_is_about_an_agent() =>
        await Problem(
            await desk.As("lead", may)
                .PostAsJsonAsync(
                    "/api/service-desk/tickets",
                    new
                    {
                        customerId = Guid.CreateVersion7(),
                        kind = "request",
                        category = "invoice",
                        channel = "phone",
                        subject = "A copy, please",
                        aboutAgent = "rude-a",
                    }
                ),
            422,
            "about-agent-of-complaints-only"
        );
}
