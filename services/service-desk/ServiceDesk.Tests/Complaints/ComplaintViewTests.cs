using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Complaints;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>A complaint over the API: what is shown of it and to whom, and what happens by time alone.</summary>
public class ComplaintViewTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    const string Found = "the neighbour at number 17 has the parcel";

    async Task<JsonElement> Complaint(Guid id) => (await fixture.Get($"tickets/{id}")).GetProperty("complaint");

    async Task<(Guid Customer, Guid Id)> Investigated()
    {
        var customer = Guid.CreateVersion7();
        var id = (await fixture.Post("tickets", DeskRequests.Complaint(customer), HttpStatusCode.Created)).Id;
        await fixture.Post(
            $"tickets/{id}/assess",
            new
            {
                severity = "critical",
                safety = true,
                scope = "many",
            }
        );
        await fixture.Post($"tickets/{id}/investigate", new { owner = "agent-9" });
        await fixture.Post($"tickets/{id}/findings", new { text = Found });
        return (customer, id);
    }

    [Fact]
    public async Task a_complaint_goes_from_assessment_to_solution()
    {
        var (customer, id) = await Investigated();
        var row = (await fixture.Get($"tickets?customer={customer}")).GetProperty("items")[0];
        (row.GetProperty("priority").GetString(), row.GetProperty("severity").GetString()).ShouldBe(("urgent", "critical"));
        await fixture.Post(
            $"tickets/{id}/propose",
            new
            {
                kind = "voucher",
                amount = 10,
                until = fixture.Clock.GetUtcNow().AddDays(3),
            }
        );
        await fixture.Post($"tickets/{id}/answer-proposal", new { answer = "accepted" });
        await fixture.Post($"tickets/{id}/decide", new { outcome = "upheld", cause = "lost-parcel" });
        await fixture.Post($"tickets/{id}/resolve", new { outcome = "sent" });
        var ticket = await fixture.Get($"tickets/{id}");
        ticket.GetProperty("cause").GetString().ShouldBe("lost-parcel");
        (ticket.GetProperty("priority").GetString(), ticket.GetProperty("severity").GetString()).ShouldBe(("urgent", "critical"));
        var complaint = ticket.GetProperty("complaint");
        (complaint.GetProperty("stage").GetString(), complaint.GetProperty("owner").GetString()).ShouldBe(("decided", "agent-9"));
        (complaint.GetProperty("safety").GetBoolean(), complaint.GetProperty("scope").GetString()).ShouldBe((true, "many"));
        complaint.GetProperty("findings")[0].GetProperty("text").GetString().ShouldBe(Found);
        var proposal = complaint.GetProperty("proposals")[0];
        (proposal.GetProperty("amount").GetDecimal(), proposal.GetProperty("currency").GetString()).ShouldBe((10m, "CNY"));
        proposal.GetProperty("answer").GetString().ShouldBe("accepted");
        complaint.GetProperty("decision").GetProperty("outcome").GetString().ShouldBe("upheld");
    }

    [Fact]
    public async Task a_finding_is_shown_with_its_permission_and_forgotten_with_its_person()
    {
        var (customer, id) = await Investigated();
        (await fixture.Database.Dump()).ShouldNotContain(Found, customMessage: "text is never stored in clear");
        await WithheldText.Check(fixture, [id, customer], Found);
        (await fixture.Http("personal.export").GetStringAsync($"/api/service-desk/customers/{customer}/personal")).ShouldContain(Found);
        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        (await fixture.Agent().GetStringAsync($"/api/service-desk/tickets/{id}")).ShouldNotContain(Found);
        (await Complaint(id)).GetProperty("findings").GetArrayLength().ShouldBe(1, "that there was one stays");
        await fixture.Post($"tickets/{id}/decide", new { outcome = "upheld", cause = "lost-parcel" });
    }

    [Fact]
    public async Task a_proposal_that_nobody_answers_lapses_once()
    {
        var (_, id) = await Investigated();
        var until = fixture.Clock.GetUtcNow().AddHours(2);
        await fixture.Post($"tickets/{id}/propose", new { kind = "apology", until });
        (await fixture.RunDue<LapseProposals>()).ShouldBe(0);
        await fixture.Daemon.Rebuild("complaint-list");
        fixture.Clock.Advance(TimeSpan.FromHours(3));
        (await fixture.RunDue<LapseProposals>()).ShouldBeGreaterThan(0);
        (await fixture.RunDue<LapseProposals>()).ShouldBe(0);
        var lapsed = (await fixture.Store.FetchStream(id)).Select(e => e.Data).OfType<ProposalAnswered>().ShouldHaveSingleItem();
        (lapsed.Answer, lapsed.OccurredAt).ShouldBe(("no-answer", until));
        (await Complaint(id)).GetProperty("stage").GetString().ShouldBe("unanswered");
        await Problem(
            await fixture.Agent().PostAsJsonAsync($"/api/service-desk/tickets/{id}/answer-proposal", Valid("answer-proposal")),
            422,
            "proposal-answered"
        );
        await fixture.Post($"tickets/{id}/answer-proposal", At(Valid("answer-proposal"), until));
        var proposal = (await Complaint(id)).GetProperty("proposals")[0];
        proposal.GetProperty("answer").GetString().ShouldBe("accepted", "it was in time, and is told afterwards");
    }

    [Fact]
    public async Task writing_and_deciding_are_permissions_of_their_own()
    {
        var (_, id) = await Investigated();
        var agent = fixture.Http("service-desk.write");
        foreach (var command in new[] { "assess", "investigate", "findings", "propose", "decide", "answer-proposal" })
            await Problem(await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/{command}", Valid(command)), 403);
        var writer = fixture.Http("service-desk.complaints.write");
        await Problem(await writer.PostAsJsonAsync($"/api/service-desk/tickets/{id}/decide", Valid("decide")), 403);
        await Problem(await writer.PostAsJsonAsync($"/api/service-desk/tickets/{id}/answer-proposal", Valid("answer-proposal")), 403);
    }
}
