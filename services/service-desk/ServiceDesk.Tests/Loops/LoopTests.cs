using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Loops;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Loops;

/// <summary>Who was let down is spoken with. A room of its own.</summary>
public class LoopTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    async Task<JsonElement[]> Of(Guid customer) =>
        [.. (await fixture.Get($"loops?customer={customer}")).GetProperty("items").EnumerateArray()];

    async Task<(Guid Customer, Guid Ticket)> Rated(int score, DateTimeOffset? at = null)
    {
        var customer = Guid.CreateVersion7();
        var id = (await fixture.Post("tickets", Request(customer, occurredAt: at), HttpStatusCode.Created)).Id;
        foreach (
            var (command, body) in new (string, object)[]
            {
                ("assign", new { agent = "agent-3" }),
                ("resolve", Valid("resolve")),
                ("satisfaction", new { score }),
            }
        )
            await fixture.Post($"tickets/{id}/{command}", at is { } then ? At(body, then) : body);
        return (customer, id);
    }

    [Fact]
    public async Task a_bad_answer_is_followed_within_a_business_day()
    {
        var (customer, ticket) = await Rated(2);
        var (happy, _) = await Rated(3);
        var (old, _) = await Rated(1, fixture.Clock.GetUtcNow().AddDays(-15));
        await fixture.CatchUp();
        var loop = (await Of(customer)).ShouldHaveSingleItem();
        (await Of(happy)).ShouldBeEmpty();
        (await Of(old)).ShouldBeEmpty("history opens none");
        var id = loop.GetProperty("id").GetGuid();
        (loop.GetProperty("reason").GetString(), loop.GetProperty("score").GetInt32()).ShouldBe(("csat", 2));
        (loop.GetProperty("owner").GetString(), loop.GetProperty("ticketId").GetGuid()).ShouldBe(("agent-3", ticket));
        var opened = loop.GetProperty("openedAt").GetDateTimeOffset();
        loop.GetProperty("dueAt").GetDateTimeOffset().ShouldBe(opened.AddHours(9), "the desk of these tests is always open");

        var agent = fixture.Agent();
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/loops/{id}/close", new { outcome = "solved" }), 422, "not-contacted");
        await fixture.Post($"loops/{id}/assign", new { });
        await fixture.Post($"loops/{id}/contact", new { channel = "phone" });
        await fixture.Post($"loops/{id}/contact", new { channel = "phone" });
        await fixture.Post($"loops/{id}/close", new { outcome = "explained" });
        foreach (
            var (command, body) in new (string, object)[]
            {
                ("assign", new { }),
                ("contact", new { channel = "phone" }),
                ("close", new { outcome = "solved" }),
            }
        )
            await Problem(await agent.PostAsJsonAsync($"/api/service-desk/loops/{id}/{command}", body), 422, "loop-closed");
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/loops/{Guid.CreateVersion7()}/assign", new { }), 404, "not-found");
        var closed = (await Of(customer)).ShouldHaveSingleItem();
        (closed.GetProperty("state").GetString(), closed.GetProperty("outcome").GetString()).ShouldBe(("closed", "explained"));
        closed.GetProperty("overdue").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task an_overdue_loop_is_told_once_and_dated_when_it_was_due()
    {
        var loops = new List<(Guid Id, DateTimeOffset DueAt)>();
        for (var i = 0; i < 4; i++)
        {
            var (customer, _) = await Rated(1);
            await fixture.CatchUp();
            var loop = (await Of(customer)).ShouldHaveSingleItem();
            loops.Add((loop.GetProperty("id").GetGuid(), loop.GetProperty("dueAt").GetDateTimeOffset()));
        }
        await fixture.RunDue<OverdueLoops>();
        fixture.Clock.Advance(TimeSpan.FromHours(5));
        await fixture.Post($"loops/{loops[2].Id}/contact", new { channel = "phone" });
        fixture.Clock.Advance(TimeSpan.FromDays(3));
        await fixture.Post($"loops/{loops[0].Id}/contact", new { channel = "phone" });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.RunDue<OverdueLoops>()));
        await fixture.Post($"loops/{loops[1].Id}/assign", new { });
        await fixture.Post($"loops/{loops[3].Id}/contact", new { channel = "phone", occurredAt = loops[3].DueAt.AddHours(-1) });

        (await Facts(loops[0].Id)).Select(f => f.GetType()).ShouldBe([typeof(LoopOpened), typeof(LoopOverdue), typeof(LoopContacted)]);
        (await Facts(loops[1].Id))
            .OfType<LoopOverdue>()
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                told => told.OccurredAt.ShouldBe(loops[1].DueAt, TimeSpan.FromMilliseconds(1)),
                told => told.Owner.ShouldBe("agent-3")
            );
        (await Facts(loops[2].Id)).OfType<LoopOverdue>().ShouldBeEmpty();

        async Task<object[]> Facts(Guid loop) => [.. (await fixture.Store.FetchStream(loop)).Select(e => e.Data)];
    }

    [Fact]
    public async Task figures_say_who_was_spoken_with_in_time()
    {
        fixture.Clock.Advance(TimeSpan.FromDays(40));
        var begin = fixture.Clock.GetUtcNow();
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var (customer, _) = await Rated(1);
            await fixture.CatchUp();
            ids.Add((await Of(customer)).ShouldHaveSingleItem().GetProperty("id").GetGuid());
        }
        fixture.Clock.Advance(TimeSpan.FromHours(2));
        await fixture.Post($"loops/{ids[0]}/contact", new { channel = "phone" });
        fixture.Clock.Advance(TimeSpan.FromHours(8));
        await fixture.Post($"loops/{ids[1]}/contact", new { channel = "phone" });
        await fixture.Post($"loops/{ids[1]}/close", new { outcome = "compensated" });
        await fixture.Post($"loops/{ids[2]}/close", new { outcome = "no-answer" });
        await fixture.Daemon.Rebuild("loops");
        var figures = await fixture.Get(
            $"figures/loops?from={Uri.EscapeDataString($"{begin:O}")}&until={Uri.EscapeDataString($"{begin.AddDays(1):O}")}"
        );
        long N(string name) => figures.GetProperty(name).GetInt64();
        (N("opened"), N("contacted"), N("inTime"), N("late")).ShouldBe((3, 2, 1, 2));
        (figures.GetProperty("inTimeShare").GetDecimal(), N("medianMinutes")).ShouldBe((.3333m, 120));
        figures.GetProperty("outcomes").GetProperty("no-answer").GetInt32().ShouldBe(1);
        (await fixture.Get("loops?overdue=true&state=closed&limit=200")).GetProperty("items").GetArrayLength().ShouldBe(2);
        await Problem(await fixture.Agent().GetAsync("/api/service-desk/loops?state=late"), 400);
    }

    [Fact]
    public async Task nobody_is_to_speak_with_whom_was_forgotten()
    {
        var (customer, _) = await Rated(1);
        await fixture.CatchUp();
        (await fixture.RunDue<EndLoops>()).ShouldBe(0);
        await fixture.Hear("customers", new Contracts.CustomerForgotten(customer, fixture.Clock.GetUtcNow()));
        (await fixture.RunDue<EndLoops>()).ShouldBe(1);
        (await fixture.RunDue<EndLoops>()).ShouldBe(0);
        await fixture.Daemon.Rebuild("loops");
        var ended = (await Of(customer)).ShouldHaveSingleItem();
        (ended.GetProperty("state").GetString(), ended.GetProperty("outcome").GetString()).ShouldBe(("closed", "forgotten"));
        var answer = await fixture
            .Agent()
            .PostAsJsonAsync($"/api/service-desk/loops/{ended.GetProperty("id")}/contact", new { channel = "phone" });
        await Problem(answer, 422, "loop-closed");
    }

    [Fact]
    public async Task a_rejected_proposal_opens_one_and_told_again_no_other()
    {
        var customer = Guid.CreateVersion7();
        var id = (await fixture.Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        foreach (var command in new[] { "assess", "investigate", "propose" })
            await fixture.Post($"tickets/{id}/{command}", Valid(command));
        await fixture.Post($"tickets/{id}/answer-proposal", new { answer = "rejected" });
        await fixture.CatchUp();
        (await Of(customer)).ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("proposal-rejected");
        var answer = (await fixture.Store.FetchStream(id)).Single(e => e.Data is ProposalAnswered);
        var follower = ActivatorUtilities.CreateInstance<OpenLoops>(fixture.Services);
        await follower.Process([answer, answer], CancellationToken.None);
        (await Of(customer)).Length.ShouldBe(1);
    }
}
