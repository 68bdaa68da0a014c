using System.Text.Json;
using CrmPlatform.ServiceDesk.Policies;
using static CrmPlatform.ServiceDesk.Tests.Policies.GivenRules;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>Random weeks of publishing, pausing, upgrading and migrating: as a plain evaluator says, live and replayed.</summary>
public class PolicyProperties
{
    sealed record Step(int Kind, int Minutes, int Amount);

    static readonly string[] modes = ["only-shorten", "only-lengthen", "both"];

    static readonly Arbitrary<Step[]> weeks = (
        from kind in Gen.Choose(0, 6)
        from minutes in Gen.Frequency((1, Gen.Constant(0)), (6, Gen.Choose(1, 900)))
        from amount in Gen.Choose(0, 1000)
        select new Step(kind, minutes, amount)
    )
        .ArrayOf()
        .Where(steps => steps.Length is > 2 and < 20)
        .ToArbitrary();

    [Fact]
    public void policies_change_as_a_plain_evaluator_says_and_replay_is_live() =>
        Prop.ForAll(weeks, Lived).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    static PlainRules Plain(int n) => new(2 + n % 7, 10 + n % 31, 1 + n % 5, 6 + n % 23, n % 3 == 0 ? [7 + n % 11] : []);

    static SlaPolicy[] Policies(PlainRules plain) =>
        [
            Policy("standard", plain.First, plain.Resolution),
            Policy(
                "best-customers",
                plain.GoldFirst,
                plain.GoldResolution,
                p =>
                {
                    p.Tiers = ["Gold"];
                    p.OnTierChange = "shorten";
                }
            ),
        ];

    static void Lived(Step[] steps)
    {
        var versions = new List<PlainRules> { Plain(0) with { Holidays = [] } };
        var (rules, now) = (Rules(Policies(versions[0])), Dec(7, "09:00").AddMinutes(steps[0].Minutes));
        var told = new List<ITicketEvent>();
        var (plain, ticket) = (new PlainDesk(versions, now, gold: steps[0].Amount % 4 == 0), Ticket.Initial);
        Tell(new OpenTicket(Anna, "request", "invoice", "web", "Copy").Decide(ticket, rules, Standing(), now));
        plain.Open();
        foreach (var step in steps)
        {
            now = now.AddMinutes(step.Minutes);
            switch (step.Kind)
            {
                case 0 when ticket.Status == TicketStatus.Open:
                    Tell(At(ticket, now, (t, at) => WaitForCustomer.Decide(t, rules, at)));
                    plain.Wait(now);
                    break;
                case 1 when ticket.Status == TicketStatus.Waiting:
                    Tell(At(ticket, now, (t, at) => ResumeTicket.Decide(t, rules, at)));
                    plain.Resume(now);
                    break;
                case 2:
                    versions.Add(Plain(step.Amount));
                    now = now.AddMinutes(1);
                    string[] holidays = [.. versions[^1].Holidays.Select(d => $"2026-12-{d:00}")];
                    rules.Publish(now.AddMinutes(-1), holidays, Policies(versions[^1]));
                    break;
                case 3:
                    plain.Gold = step.Amount % 3 > 0;
                    Tell(At(ticket, now, (t, at) => PolicyChange.Upgrade(t, rules, Standing(), at)));
                    plain.Upgrade(now);
                    break;
                default:
                    var mode = modes[step.Amount % 3];
                    ITicketEvent[] Migrate() => At(ticket, now, (t, at) => PolicyChange.Migrate(t, rules, Standing(), mode, "ann", at));
                    Tell(Migrate());
                    plain.Migrate(now, mode);
                    Migrate().ShouldBeEmpty("twice is once");
                    break;
            }
            Tell(ticket.DueBefore(now));
            plain.Judge(now);
            Seen(ticket).ShouldBe(Seen(plain));
        }
        var replayed = After(
            Ticket.Initial,
            told.Select(e =>
                (ITicketEvent)
                    JsonSerializer.Deserialize(
                        JsonSerializer.Serialize<object>(e, EventStoreOptions.Json),
                        e.GetType(),
                        EventStoreOptions.Json
                    )!
            )
        );
        Seen(replayed).ShouldBe(Seen(ticket));
        (replayed.Policy, replayed.NextUpdateTarget).ShouldBe((ticket.Policy, ticket.NextUpdateTarget));
        replayed.Planned.ShouldBe(ticket.Planned);
        replayed.UpgradedTo.ShouldBe(ticket.UpgradedTo);

        Standing Standing() => new(plain.Gold ? "Gold" : null, null, false);

        void Tell(IEnumerable<ITicketEvent> facts)
        {
            ITicketEvent[] all = [.. facts];
            told.AddRange(all);
            ticket = After(ticket, all);
        }
    }

    static string Seen(Ticket t) =>
        string.Join(
            ' ',
            t.Policy.Id,
            t.Policy.Rules,
            Seen(t.FirstResponse!.Target, t.FirstResponse.DueAt, t.FirstResponse.Breached),
            Seen(t.Resolution!.Target, t.Resolution.DueAt, t.Resolution.Breached),
            t.Resolution.DueAt is null ? t.Resolution.Used : null
        );

    static string Seen(PlainDesk d) =>
        string.Join(
            ' ',
            d.OnGold ? "best-customers" : "standard",
            d.Version,
            Seen(TimeSpan.FromMinutes(d.First.Target), d.First.Due, d.First.Broken),
            Seen(TimeSpan.FromMinutes(d.Resolution.Target), d.Resolution.Due, d.Resolution.Broken),
            d.Resolution.Due is null ? TimeSpan.FromMinutes(d.Resolution.Used) : null
        );

    static string Seen(TimeSpan target, DateTimeOffset? due, bool broken) => $"{target} {due?.ToUniversalTime():MM-dd HH:mm} {broken}";
}
