using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Groups;

/// <summary>The desk serves a person, whatever ids they have.</summary>
public class GroupTicketTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task tickets_of_one_person_are_listed_together_and_stay_with_the_id_that_they_name()
    {
        var (one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (first, second) = (await Opened(one), await Opened(two));
        (await Listed(one)).ShouldBe([(first, one)]);
        await Merge(one, two);
        foreach (var asked in new[] { one, two })
            (await Listed(asked)).ShouldBe([(first, one), (second, two)], ignoreOrder: true);
        (await fixture.Get($"tickets/{second}")).GetProperty("customerId").GetGuid().ShouldBe(two);
        var third = await Opened(two);
        foreach (var (member, own) in new[] { (one, new[] { first }), (two, [second, third]) })
        {
            var held = await fixture
                .Http("personal.export")
                .GetFromJsonAsync<JsonElement>($"/api/service-desk/customers/{member}/personal");
            held.GetProperty("tickets").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()).ShouldBe(own, "exports are per id");
            held.GetProperty("group").EnumerateArray().Select(g => g.GetGuid()).ShouldBe([one, two]);
        }
        await Part(one, two);
        (await Listed(one)).ShouldBe([(first, one)]);
        (await Listed(two)).ShouldBe([(second, two), (third, two)], ignoreOrder: true, customMessage: "as it was named, also since");
    }

    [Fact]
    public async Task a_new_ticket_is_promised_by_the_best_standing_and_what_was_promised_stays()
    {
        var (plain, gold, graded) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await Tiers((plain, "Bronze", 0), (gold, "Gold", 2_000));
        var before = await Opened(plain);
        var promised = (await fixture.Get($"tickets/{before}")).GetProperty("clocks").ToString();
        await Merge(plain, gold);
        (await Policy(await Opened(plain))).ShouldBe(("best-customers", "Gold"));
        (await Policy(before)).ShouldBe(("standard", "Bronze"));
        (await Row(before)).GetProperty("tier").GetString().ShouldBe("Gold", "the queue goes by the best of them now");
        Due((await fixture.Get($"tickets/{before}")).GetProperty("clocks").ToString()).ShouldBe(Due(promised));

        await fixture.Hear("segmentation", Grade(graded, "A"), Grade(plain, "C"));
        await Part(plain, gold);
        (await Policy(await Opened(plain))).ShouldBe(("standard", "Bronze"));
        (await Row(before)).GetProperty("tier").GetString().ShouldBe("Bronze");
        await Merge(graded, plain);
        (await Policy(await Opened(plain))).ShouldBe(("best-customers", "Bronze"), "by the better grade, where no policy names the tier");

        static string Due(string clocks) =>
            string.Join(' ', JsonDocument.Parse(clocks).RootElement.EnumerateArray().Select(c => c.GetProperty("dueAt").ToString()));
    }

    [Fact]
    public async Task the_queue_serves_every_member_by_the_best_tier()
    {
        var (plain, alone, gold) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await Tiers((plain, "Bronze", 0), (alone, "Silver", 500), (gold, "Gold", 2_000));
        var now = fixture.Clock.GetUtcNow();
        var (other, own) = (await Opened(alone, now.AddMinutes(-9)), await Opened(plain, now.AddMinutes(-5)));
        (await Queue(other, own)).ShouldBe([other, own]);
        await Merge(gold, plain);
        (await Queue(other, own)).ShouldBe([own, other]);
        await Part(gold, plain);
        (await Queue(other, own)).ShouldBe([other, own]);
    }

    [Fact]
    public async Task a_complaint_repeats_that_of_another_member()
    {
        var (one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (first, second) = (await Complained(one), await Complained(two));
        (await Repeats(second)).ShouldBeFalse();
        await Merge(two, one);
        (await Repeats(second), await Repeats(first)).ShouldBe((true, false), "the first one is earlier");
        await Part(one, two);
        (await Repeats(second)).ShouldBeFalse();
    }

    [Fact]
    public async Task who_is_in_a_group_is_known_and_a_forgotten_member_opens_no_ticket()
    {
        var (known, gold) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Tiers((gold, "Gold", 2_000));
        fixture.Unknown[known] = true;
        await Merge(gold, known);
        (await Policy(await Opened(known))).ShouldBe(("best-customers", "Gold"));
        await fixture.Hear("customers", new Contracts.CustomerForgotten(known, fixture.Clock.GetUtcNow()));
        await Problem(await fixture.Agent().PostAsJsonAsync("/api/service-desk/tickets", Request(known)), 422, "customer-forgotten");
    }

    Task Merge(params Guid[] members) => fixture.Hear("customers", [.. GroupsTold.Merged(members)]);

    Task Part(params Guid[] members) => fixture.Hear("customers", [.. GroupsTold.Unmerged([.. members.Select(m => new[] { m })])]);

    async Task Tiers(params (Guid Customer, string Tier, long Points)[] told)
    {
        foreach (var (customer, tier, points) in told)
            await fixture.Hear("loyalty", new Contracts.TierChanged(customer, null, tier, points, fixture.Clock.GetUtcNow(), "qualified"));
        await fixture.CatchUp();
    }

    Contracts.GradeChanged Grade(Guid customer, string grade) =>
        new(customer, "abc", null, grade, Guid.CreateVersion7(), fixture.Clock.GetUtcNow());

    async Task<Guid> Opened(Guid customer, DateTimeOffset? at = null) =>
        (await fixture.Post("tickets", Request(customer, occurredAt: at), HttpStatusCode.Created)).Id;

    async Task<Guid> Complained(Guid customer)
    {
        var id = (await fixture.Post("tickets", Complaint(customer), HttpStatusCode.Created)).Id;
        await fixture.Decide(id, "lost-parcel");
        await fixture.Post($"tickets/{id}/resolve", new { outcome = "refunded" });
        return id;
    }

    async Task<bool> Repeats(Guid ticket) => (await fixture.Get($"tickets/{ticket}")).GetProperty("repeatComplaint").GetBoolean();

    async Task<(string?, string?)> Policy(Guid id)
    {
        var ticket = await fixture.Get($"tickets/{id}");
        return (ticket.GetProperty("policyId").GetString(), ticket.GetProperty("tier").GetString());
    }

    async Task<JsonElement> Row(Guid ticket)
    {
        var customer = (await fixture.Get($"tickets/{ticket}")).GetProperty("customerId").GetGuid();
        return (await Items($"tickets?customer={customer}&limit=200")).Single(t => t.GetProperty("id").GetGuid() == ticket);
    }

    async Task<(Guid, Guid)[]> Listed(Guid customer) =>
        [
            .. (await Items($"tickets?customer={customer}")).Select(t =>
                (t.GetProperty("id").GetGuid(), t.GetProperty("customerId").GetGuid())
            ),
        ];

    async Task<Guid[]> Queue(params Guid[] tickets) =>
        [.. (await Items("queue?limit=200")).Select(t => t.GetProperty("id").GetGuid()).Where(tickets.Contains)];

    async Task<JsonElement[]> Items(string path) => [.. (await fixture.Get(path)).GetProperty("items").EnumerateArray()];
}
