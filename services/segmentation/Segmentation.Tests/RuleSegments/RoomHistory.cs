using CrmPlatform.Segmentation.Churn;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Facts;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.Segmentation.Tests.Churn;
using CrmPlatform.Segmentation.Tests.Grading;
using CrmPlatform.Segmentation.Tests.Groups;
using CrmPlatform.Segmentation.Tests.Rules;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>A few customers to whom things happen by chance, told late or at once, beside what is plainly to be recorded of them.</summary>
sealed class RoomHistory(RoomOfLaws room, Random random)
{
    const int Segments = 6;

    readonly DateTimeOffset start = room.Clock.GetUtcNow();
    readonly List<Guid> customers = [];
    readonly List<PlainSegment> segments = [];
    readonly Dictionary<Guid, PlainMembership> plain = [];
    readonly RoomFacts told = new(random);
    Guid[] one = [];

    DateTimeOffset Now => room.Clock.GetUtcNow();

    Guid Any() => customers[random.Next(customers.Count)];

    Guid SurvivorOf(Guid customer) => one.Contains(customer) ? one[0] : customer;

    public async Task Begin()
    {
        for (var i = 0; i < 3; i++)
        {
            customers.Add(await room.Known());
            plain[customers[i]] = new();
        }
        for (var i = 0; i < Segments; i++)
        {
            segments.Add(new($"law-{random.Next()}-{i}", random.Next(3) == 0, i == Segments - 1 ? segments[0].Code : null));
            await Publish(segments[i]);
        }
    }

    async Task Publish(PlainSegment segment)
    {
        var rule = RuleWorld.Rule(random, random.Next(3));
        if (segment.Of is { } other)
            rule = random.Next(2) == 0 ? new(All: [rule, new(Segment: other)]) : new(Any: [rule, new(Segment: other)]);
        await room.Editor().Draft(segment.Code, rule, segment.Marketing ? "marketing" : "service");
        await room.Editor().Do(HttpMethod.Post, $"rule-segments/{segment.Code}/publish");
        if (segment.Versions.Count == 0 || segment.Versions[^1].From < Now)
            segment.Versions.Add((Now, rule));
        else
            segment.Versions[^1] = (Now, rule);
    }

    public async Task Step()
    {
        room.Clock.Advance(TimeSpan.FromHours(random.Next(4) == 0 ? random.Next(24 * 25) : random.Next(40)));
        // One alone may be missed; among others it is judged with them.
        var alone = random.Next(2) == 0;
        foreach (var facts in Enumerable.Range(0, alone ? 1 : random.Next(12)).Select(_ => told.Next(Any(), Now)).GroupBy(f => f.Publisher))
            await room.Hear([.. facts.Select(f => RoomOfLaws.AsFact(f.Publisher, f.Fact) with { RecordedAt = Now })]);
        switch (random.Next(12))
        {
            case 0 when one.Length == 0:
                await Group([.. customers.OrderBy(_ => random.Next()).Take(2)], GroupWorld.Linked);
                break;
            case 0 or 1 when one.Length > 0:
                await Group(one, GroupWorld.Parted);
                one = [];
                break;
            case 2:
                await Pin();
                break;
            case 3:
                await GradingWorld.Say(room, Any(), "value", SaidWorld.Grades[random.Next(3)], Now.AddHours(random.Next(1, 500)));
                break;
            case 4:
                await room.Say($"churn/{Any()}/cancelled");
                break;
            case 5:
                await Publish(segments[random.Next(Segments)]);
                break;
        }
        if (random.Next(3) == 0)
            await room.Clocks();
        if (random.Next(3) == 0)
            await room.RunDue<EndOverrides>();
        if (random.Next(3) == 0)
            await room.JudgeChurn();
        if (alone || random.Next(2) == 0)
            await Judge();
    }

    async Task Group<TFact>(Guid[] members, Func<DateTimeOffset, Guid[], TFact[]> told)
        where TFact : class
    {
        one = members;
        await room.Hear([.. told(Now, members).OrderBy(_ => random.Next()).Select(f => RoomOfLaws.AsFact("customers", f))]);
        foreach (var member in members)
            plain[member].Since = Now;
        await room.Settle();
    }

    Task Pin() =>
        room.Editor()
            .Do(
                HttpMethod.Post,
                $"rule-segments/{segments[random.Next(Segments)].Code}/pins",
                new
                {
                    customers = new[] { Any() },
                    @in = (bool?[])[true, false, null] is var said ? said[random.Next(3)] : null,
                    reason = "by-chance",
                    until = random.Next(2) == 0 ? Now.AddHours(random.Next(1, 400)) : (DateTimeOffset?)null,
                }
            );

    /// <summary>The workers come by; what is known by then is judged plainly, too, and each change was recorded once.</summary>
    public async Task Judge()
    {
        await room.Judge();
        var known = new Dictionary<Guid, List<object>>();
        foreach (var customer in customers)
            known[customer] = await Known(customer);
        var hours = Enumerable.Range(0, (int)(Now - start).TotalHours + 1).Select(h => start.AddHours(h));
        List<DateTimeOffset> instants =
        [
            .. hours.Concat(known.Values.SelectMany(k => k.Select(PlainFacts.At))).Where(i => i <= Now).Distinct().Order(),
        ];
        foreach (var customer in customers)
            if (SurvivorOf(customer) != customer)
                plain[customer].Leave();
            else
                plain[customer]
                    .Judge(
                        segments,
                        new(known[customer], [.. one.Where(o => customer == one[0] && o != customer).Select(o => known[o])]),
                        instants
                    );
        await CheckRecorded();
    }

    async Task<List<object>> Known(Guid customer)
    {
        Guid[] streams = [customer, CustomerGrade.Of(customer, "value").Id, CustomerChurn.Of(customer).Id];
        var events = new List<object>();
        foreach (var stream in streams)
            events.AddRange((await room.Store.FetchStream(stream)).Select(e => e.Data).Where(e => HasInstant(e)));
        return [.. events.OrderBy(PlainFacts.At)];
    }

    static bool HasInstant(object e) =>
        e is PurchaseCounted or ReturnCounted or PurchaseUncounted || e.GetType().GetProperty("OccurredAt") is not null;

    async Task CheckRecorded()
    {
        foreach (var customer in customers)
        {
            var recorded = (await room.Store.FetchStream(Memberships.Of(customer).Id)).Select(e => (IMembershipEvent)e.Data);
            foreach (var segment in segments)
                recorded
                    .Where(e => e.Code == segment.Code)
                    .Select(e => (e.OccurredAt, e is RuleSegmentEntered))
                    .ShouldBe(plain[customer].Changes.Where(c => c.Code == segment.Code).Select(c => (c.At, c.In)), Describe(segment));
        }
    }

    /// <summary>What is recorded is said so as of any instant; a second look finds nothing.</summary>
    public async Task Check()
    {
        await Judge();
        await room.Judge();
        await CheckRecorded();
        foreach (var segment in segments)
        foreach (var at in Enumerable.Range(0, 4).Select(_ => start.AddHours(random.Next((int)(Now - start).TotalHours + 1))).Append(Now))
            (await room.Members(segment.Code, $"{at:O}"))
                .Intersect(customers)
                .ShouldBe(customers.Where(c => plain[c].Is(segment.Code, at)), ignoreOrder: true, Describe(segment));
    }

    public int Changes => plain.Values.Sum(p => p.Changes.Count);

    static string Describe(PlainSegment segment) =>
        string.Join('\n', segment.Versions.Select(v => $"{v.From:O} {System.Text.Json.JsonSerializer.Serialize(v.Rule)}"));

    /// <summary>Nobody is judged by these any more.</summary>
    public async Task End()
    {
        foreach (var segment in Enumerable.Reverse(segments))
            await room.Editor().Do(HttpMethod.Post, $"rule-segments/{segment.Code}/withdraw");
    }
}
