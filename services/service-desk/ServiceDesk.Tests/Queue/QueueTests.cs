using System.Net;
using System.Text.Json;
using CrmPlatform.ServiceDesk.Queue;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Queue;

/// <summary>Which ticket is next. A room of its own, whose clock stands still.</summary>
public class QueueTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    static readonly DateTimeOffset start = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);
    static readonly (string Name, long Points)[] tiers = [("Bronze", 0), ("Silver", 500), ("Gold", 2_000)];

    static readonly string[] commands = ["wait", "resume", "assign", "resolve", "replies", "customer-replies"];

    sealed record Step(int Kind, int Who, int Amount);

    static readonly Arbitrary<Step[]> lives = (
        from kind in Gen.Choose(0, 9)
        from who in Gen.Choose(0, 5)
        from amount in Gen.Choose(0, 900)
        select new Step(kind, who, amount)
    )
        .ArrayOf()
        .Where(steps => steps.Length is > 5 and < 40)
        .ToArbitrary();

    /// <summary>The list of tickets computes the same order from all rows, without what the queue has written down.</summary>
    [Fact]
    public void the_queue_is_what_is_computed_from_all_tickets_at_any_time() =>
        Prop.ForAll(lives, steps => Lived(steps).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    async Task Lived(Step[] steps)
    {
        var now = fixture.Clock.GetUtcNow() is var before && before > start ? before : start;
        fixture.Clock.Stop(now);
        var customers = Enumerable.Range(0, 6).Select(_ => Guid.CreateVersion7()).ToArray();
        var groups = customers.Select(c => new List<Guid> { c }).ToList();
        var tickets = new List<Guid>();
        foreach (var (step, n) in steps.Select((s, n) => (s, n)))
        {
            var who = customers[step.Who];
            if (step.Kind <= 2)
                tickets.Add((await fixture.Post("tickets", Request(who, $"{who:N}-{n}", now), HttpStatusCode.Created)).Id);
            else if (step.Kind == 3)
                await fixture.Hear(
                    "loyalty",
                    new Contracts.TierChanged(who, null, tiers[step.Amount % 3].Name, tiers[step.Amount % 3].Points, now, "qualified")
                );
            else if (step.Kind == 4)
                await Merge(groups, who, customers[(step.Who + 1) % 6]);
            else if (step.Kind == 5)
                await Part(groups, who);
            else if (step.Kind == 6)
                fixture.Clock.Stop(now = now.AddMinutes(step.Amount * 5));
            else if (step.Kind == 7)
                await new RefreshQueue(fixture.Db, fixture.Clock).Run(default);
            else if (tickets.Count > 0)
                await fixture
                    .Agent()
                    .PostAsync(
                        $"/api/service-desk/tickets/{tickets[step.Amount % tickets.Count]}/{commands[step.Who]}",
                        System.Net.Http.Json.JsonContent.Create(Valid(commands[step.Who]))
                    );
        }
        foreach (var later in new[] { 0, 90, 5_000, 30_000 })
        {
            fixture.Clock.Stop(now = now.AddMinutes(later));
            var computed = await Ids("tickets?limit=200&status=open");
            var waiting = await Ids("tickets?limit=200&status=waiting");
            var queue = await Ids("queue?limit=7");
            queue.ShouldBeUnique();
            queue.Where(computed.Contains).ShouldBe(computed);
            queue.Where(waiting.Contains).ShouldBe(waiting);
            queue.Count.ShouldBe(computed.Count + waiting.Count);
            (await Ids("queue?limit=7&agent=test")).ShouldBeSubsetOf(queue);
        }
        await fixture.Daemon.Rebuild("ticket-queue");
        (await Ids("queue?limit=200")).ShouldBe(await Ids("queue?limit=11"));
        foreach (var ticket in tickets)
            await fixture
                .Agent()
                .PostAsync($"/api/service-desk/tickets/{ticket}/resolve", System.Net.Http.Json.JsonContent.Create(Valid("resolve")));
        (await Ids("queue?limit=200")).ShouldBeEmpty("what is solved is in no queue");
    }

    /// <summary>The groups of two customers become one, of which every member is told.</summary>
    async Task Merge(List<List<Guid>> groups, Guid survivor, Guid other)
    {
        var (mine, theirs) = (groups.Single(g => g.Contains(survivor)), groups.Single(g => g.Contains(other)));
        if (mine == theirs)
            return;
        groups.Remove(theirs);
        mine.AddRange(theirs);
        await fixture.Hear("customers", [.. GroupsTold.Merged([.. mine])]);
    }

    /// <summary>A customer leaves their group, whose other members stay together.</summary>
    async Task Part(List<List<Guid>> groups, Guid customer)
    {
        var group = groups.Single(g => g.Contains(customer));
        if (group.Count == 1)
            return;
        group.Remove(customer);
        groups.Add([customer]);
        await fixture.Hear("customers", [.. GroupsTold.Unmerged([customer], [.. group])]);
    }

    async Task<List<Guid>> Ids(string path)
    {
        var (found, after) = (new List<Guid>(), "");
        do
        {
            var page = await fixture.Get(path + after);
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(t => t.GetProperty("id").GetGuid()));
            after = page.GetProperty("next") is { ValueKind: JsonValueKind.String } next ? "&after=" + next.GetString() : "";
        } while (after != "");
        return found;
    }
}
