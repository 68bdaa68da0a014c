using System.Net;
using System.Net.Http.Json;
using CrmPlatform.ServiceDesk.Complaints;
using static CrmPlatform.ServiceDesk.Tests.DeskFixture;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>What customers are given for complaints: once of each kind, by one person up to a limit, by two above it.</summary>
public class CompensationTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static readonly Guid anna = NameId.For("anna");

    static Ticket After(Ticket ticket, params ITicketEvent[] facts) => facts.Aggregate(ticket, (t, fact) => t.Evolve(fact));

    static readonly Ticket assessed = After(
        ComplaintTableTests.Received,
        new ComplaintAssessed(anna, "minor", false, "one", "normal", "agent-1", June(1, "10:00"))
    );

    static Ticket Proposed(string kind, decimal amount) =>
        After(
            assessed,
            new InvestigationOpened(anna, "agent-1", "agent-1", June(1, "10:00")),
            new ProposalMade(anna, 1, kind, amount, null, June(8, "10:00"), "agent-1", June(1, "10:00"))
        );

    static CompensationGranted Grant(Ticket ticket, string kind, decimal amount, string? second = null)
    {
        var command = new CompensateCustomer(kind, amount);
        var facts = second is null
            ? command.Decide(ticket, Shipped, "agent-1", June(1, "11:00"))
            : command.Approve(ticket, Shipped, second, June(1, "11:00"));
        return facts.ShouldHaveSingleItem().ShouldBeOfType<CompensationGranted>();
    }

    [Theory]
    [InlineData("refund", 50)]
    [InlineData("voucher", 50)]
    [InlineData("points", 500)]
    public void one_person_grants_up_to_the_limit(string kind, int limit)
    {
        Grant(assessed, kind, limit).ApprovedBy.ShouldBeNull();
        Refused(() => Grant(assessed, kind, limit + 1)).ShouldBe("over-limit");
        Refused(() => Grant(ComplaintTableTests.Received, kind, limit)).ShouldBe("not-assessed");
    }

    [Fact]
    public void above_the_limit_it_is_what_somebody_else_proposed()
    {
        Refused(() => Grant(assessed, "refund", 80, second: "agent-2")).ShouldBe("over-limit", "nothing was proposed");
        Refused(() => Grant(Proposed("points", 900), "refund", 80, second: "agent-2")).ShouldBe("over-limit", "nor a refund");
        Refused(() => Grant(Proposed("refund", 79), "refund", 80, second: "agent-2")).ShouldBe("over-limit", "nor so much");
        Refused(() => Grant(Proposed("refund", 80), "refund", 80, second: "agent-1")).ShouldBe("second-person");
        Grant(Proposed("refund", 80), "refund", 80, second: "agent-2")
            .ShouldBe(new(anna, "refund", 80, "USD", "agent-1", "agent-2", June(1, "11:00")));
    }

    [Fact]
    public void each_kind_is_paid_once_also_after_a_reopening()
    {
        var paid = After(assessed, Grant(assessed, "points", 100));
        Refused(() => Grant(paid, "points", 1)).ShouldBe("already-compensated");
        Refused(() => Grant(paid, "points", 1, second: "agent-2")).ShouldBe("already-compensated");
        Grant(paid, "refund", 10).Amount.ShouldBe(10);
        Refused(() => Grant(assessed, "points", 1.5m)).ShouldBe("remedy-amount");
    }

    /// <summary>Whatever is asked for, by whom and how often: once, and no more than the limit or what somebody else proposed.</summary>
    [Fact]
    public void no_more_is_paid_than_may_be() =>
        Prop.ForAll(
                (
                    from proposed in Gen.Choose(1, 2_000)
                    from asked in Gen.Choose(1, 2_000).Two().ListOf()
                    select (proposed, asked)
                ).ToArbitrary(),
                life =>
                {
                    var (ticket, paid) = (Proposed("points", life.proposed), new List<CompensationGranted>());
                    foreach (var (amount, who) in life.asked)
                        try
                        {
                            paid.Add(
                                Grant(
                                    ticket,
                                    "points",
                                    amount,
                                    who % 2 == 0 ? null
                                        : who % 3 == 0 ? "agent-1"
                                        : "agent-2"
                                )
                            );
                            ticket = ticket.Evolve(paid[^1]);
                        }
                        catch (RuleViolationException)
                        {
                            // It may not.
                        }
                    return paid.Count <= 1 && paid.All(p => p.Amount <= (p.ApprovedBy is null ? 500 : life.proposed));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public async Task a_compensation_is_shown_and_told()
    {
        var customer = Guid.CreateVersion7();
        var id = (await fixture.Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        await fixture.Decide(id, "lost-parcel");
        await fixture.Post($"tickets/{id}/compensate", new { kind = "points", amount = 300 });
        await fixture.Post($"tickets/{id}/compensate", new { kind = "refund", amount = 12.5 });
        var given = (await fixture.Get($"tickets/{id}")).GetProperty("complaint").GetProperty("compensations");
        given.EnumerateArray().Select(c => c.GetProperty("amount").GetDecimal()).ShouldBe([300, 12.5m]);
        var told = (await fixture.Store.FetchStream(id))
            .Select(ServiceDeskFeed.Translate)
            .Select(f => f?.Contract)
            .OfType<Contracts.CompensationGranted>()
            .ToList();
        told.Select(c => (c.TicketId, c.Kind, c.Points, c.Amount, c.Currency))
            .ShouldBe([(id, "points", 300L, null, null), (id, "refund", null, 12.5m, "CNY")]);

        var agent = fixture.Http("service-desk.complaints.compensate");
        await Problem(await agent.PostAsJsonAsync($"/api/service-desk/tickets/{id}/approve-compensation", Valid("compensate")), 403);
    }

    static string Refused(Func<object> decide) => Should.Throw<RuleViolationException>(() => decide()).Code;
}
