using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Groups;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rfm;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Tests.Groups;

/// <summary>The streams in memory, with what the room does to them: reactions, the follower that judges, the clock, runs.</summary>
sealed partial class GroupHistory
{
    static readonly Business business = new() { TimeZone = "America/New_York", Currency = "USD" };
    static readonly DateTimeOffset start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    readonly Random random;
    readonly List<(Guid Survivor, JudgementDue Due)> due = [];
    readonly Dictionary<Guid, Guid> told = [];
    readonly List<(Guid By, Guid Purchase, DateTimeOffset At)> bought = [];
    long sequence;
    Yardstick yardstick = new(business, Lifecycle.StageWorld.Policy, Run: null);
    int runs;

    public GroupHistory(int seed)
    {
        random = new(seed);
        for (var i = 2 + random.Next(2); i > 0; i--)
        {
            var id = Id();
            Members[id] = Twins[id] = One = After(CustomerValue.Initial, OnCustomerRegistered.Decide(CustomerValue.Initial, start));
        }
    }

    public Dictionary<Guid, CustomerValue> Members { get; } = [];
    public Dictionary<Guid, CustomerValue> Twins { get; } = [];
    public CustomerValue One { get; private set; } = CustomerValue.Initial;

    /// <summary>Runs that counted a group: after it the twins have been graded by other orders.</summary>
    public int RunsWhileMerged { get; private set; }

    /// <summary>The end of the last run's day.</summary>
    public DateTimeOffset RunUntil => business.StartOf(yardstick.Run!.Rfm.AsOf.AddDays(1));

    public void Step()
    {
        switch (random.Next(12))
        {
            case 0:
                Tell(Any(), Any());
                break;
            case 1:
                var one = Any();
                Tell(one, one);
                break;
            case 2:
                TakeRun();
                break;
            case 3:
                Judge();
                break;
            default:
                Count();
                break;
        }
    }

    public void Tell(Guid member, Guid survivor)
    {
        told[member] = survivor;
        Record(member, new NoteGroup(member, survivor, start.AddDays(410)).Decide(Members[member], yardstick.Run));
    }

    public Guid MergeAll()
    {
        var survivor = Any();
        foreach (var member in Members.Keys.OrderBy(_ => random.Next()).ToList())
            Tell(member, survivor);
        Judge();
        return survivor;
    }

    public void PartAll()
    {
        foreach (var member in Members.Keys.OrderBy(_ => random.Next()).ToList())
            Tell(member, member);
    }

    public List<Guid> Others(Guid survivor) => [.. told.Where(t => t.Value == survivor && t.Key != survivor).Select(t => t.Key)];

    /// <summary>The follower, by pages of any size.</summary>
    public void Judge()
    {
        while (due.Count > 0)
        {
            var page = due.Take(random.Next(1, 4)).ToList();
            due.RemoveRange(0, page.Count);
            foreach (var group in page.GroupBy(d => d.Survivor, d => d.Due))
                Judge(group.Key, [.. group]);
        }
    }

    public List<ICustomerEvent> JudgeAgain() =>
        [.. Members.Keys.SelectMany(m => Judge(m, [new(null, LifecycleRules.EarlierPurchase, start.AddDays(410))]))];

    List<ICustomerEvent> Judge(Guid survivor, List<JudgementDue> why)
    {
        var cause = why.FindLast(d => d.Cause is LifecycleRules.Merged or LifecycleRules.Separated)?.Cause ?? why[^1].Cause;
        var judge = new JudgeGroup(cause, why.Max(d => d.OccurredAt), ++sequence);
        Guid[] others = [.. Others(survivor).Where(o => Members[o].SurvivorId == survivor).Order()];
        var facts = others.SelectMany(o => Record(o, judge.Leave(Members[o], yardstick.Run))).ToList();
        facts.AddRange(
            Record(
                survivor,
                Members[survivor].SurvivorId is not null
                    ? judge.Leave(Members[survivor], yardstick.Run)
                    : judge.Decide(Members[survivor], others, others.Select(o => Members[o]), yardstick)
            )
        );
        return facts;
    }

    public void PassTime(DateTimeOffset until)
    {
        var clock = new Segmentation.Customers.PassTime(until);
        Together(all => clock.Decide(all, yardstick.Lifecycle));
        foreach (var id in Twins.Keys.ToList())
            Twins[id] = After(Twins[id], clock.Decide(Twins[id], yardstick.Lifecycle));
        One = After(One, clock.Decide(One, yardstick.Lifecycle));
    }

    /// <param name="doubtful">Whether customers may be near a boundary, where what stood before matters.</param>
    public void TakeRun(bool doubtful = true)
    {
        var day = new DateOnly(2026, 6, 1).AddDays(runs++);
        var scale = Enumerable.Range(0, 10).Select(_ => new Metrics(day.AddDays(-random.Next(200)), random.Next(1, 9), random.Next(2000)));
        var (a, b, doubt) = (random.Next(800, 1500), random.Next(100, 700), doubtful ? random.Next(300) : 0);
        var margins = new AbcMargins(a + doubt, a - doubt, b + doubt, b - doubt);
        var run = new PublishedRun(NameId.For("run", $"{runs}"), RfmScale.Of(day, [.. scale]), new(a, b, margins));
        (var before, yardstick) = (yardstick.Run, yardstick with { Run = run });
        RunsWhileMerged += Members.Values.Any(m => m.InGroup) || due.Count > 0 ? 1 : 0;
        TakeRun Take(CustomerValue c)
        {
            var orders = c.Orders.Where(o => o.At < business.StartOf(day.AddDays(1))).ToList();
            return new(run, before, orders.Count == 0 ? null : orders.Sum(o => o.Net), start.AddDays(420 + runs));
        }

        Together(all => Take(all).Decide(all, business));
        foreach (var id in Twins.Keys.ToList())
            Twins[id] = After(Twins[id], Take(Twins[id]).Decide(Twins[id], business));
        One = After(One, Take(One).Decide(One, business));
    }

    /// <summary>As <see cref="Segmentation.Customers.Together"/> does on streams.</summary>
    void Together(Func<CustomerValue, ICustomerEvent[]> decide)
    {
        foreach (var id in Members.Keys.ToList())
        {
            Guid[] members = [.. Others(id).Where(o => Members[o].SurvivorId == id).Order()];
            if (Members[id].SurvivorId is null && Members[id].Members.SequenceEqual(members))
                Record(id, decide(Members[id].With(members.Select(m => Members[m]))));
        }
    }

    ICustomerEvent[] Record(Guid id, ICustomerEvent[] facts)
    {
        due.AddRange(facts.OfType<JudgementDue>().Select(d => (d.SurvivorId ?? id, d)));
        Members[id] = After(Members[id], facts);
        return facts;
    }

    static CustomerValue After(CustomerValue c, ICustomerEvent[] facts) => facts.Aggregate(c, (state, fact) => state.Evolve(fact));

    Guid Any() => Members.Keys.ElementAt(random.Next(Members.Count));

    Guid Id() => NameId.For("drawn", $"{random.Next()}-{random.Next()}");
}
