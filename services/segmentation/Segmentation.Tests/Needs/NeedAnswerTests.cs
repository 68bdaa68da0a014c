using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Needs;
using static CrmPlatform.Segmentation.Tests.Needs.NeedLawTests;

namespace CrmPlatform.Segmentation.Tests.Needs;

/// <summary>What customers say beats what is inferred, whatever comes in which order and how often.</summary>
public class NeedAnswerTests
{
    static readonly Guid customer = Guid.CreateVersion7();
    static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void answers_beat_inference_and_what_is_told_is_what_stands_however_often_it_comes() =>
        Check(
            5_000,
            random =>
            {
                var (own, needs, at) = (CustomerValue.Initial, CustomerNeeds.Initial, start);
                var history = new List<INeedEvent>();
                NeedBand? plain = null;
                for (var step = 0; step < 12; step++)
                {
                    at = at.AddDays(1);
                    ICustomerEvent? said = random.Next(8) switch
                    {
                        0 => new NeedDeclared("price", "customer", "survey", at),
                        1 => new NeedContested("price", null, at),
                        2 => new NeedReopened("price", at),
                        3 => new ConsentNoted("personalisation", "email", Granted: random.Next(2) == 0, at),
                        4 => new ConsentNoted("marketing", "email", Granted: false, at),
                        _ => null,
                    };
                    var found = Finding(random);
                    if (said is not null)
                        own = own.Evolve(said);
                    var barred = own.Needs.Said.GetValueOrDefault("price") is NeedDeclared or NeedContested || !own.Needs.Refused.IsEmpty;
                    plain =
                        barred ? null
                        : said is null ? found.Scale.BandOf(found.Count, plain)
                        : plain;
                    // Whatever is delivered again, and however often.
                    for (var times = 1 + random.Next(3); times > 0; times--)
                        Decide(d =>
                        {
                            if (said is null)
                                d.Take(found, at);
                            else
                                d.Settle(at);
                        });
                    (needs.Inferred.GetValueOrDefault("price")?.Band).ShouldBe(plain);
                    needs.Told.ShouldBe(Standing(own, plain));
                }
                var told = history.OfType<NeedsChanged>().Select(c => string.Join(',', c.Needs)).ToList();
                told.Zip(told.Skip(1)).ShouldAllBe(t => t.First != t.Second, "told only when something changed");
                history.Select(e => e.OccurredAt).ShouldBeInOrder();

                void Decide(Action<NeedDecision> what)
                {
                    var decision = NeedDecision.About(customer, needs, [(customer, own)])!;
                    what(decision);
                    foreach (var e in decision.Facts)
                    {
                        history.Add(e);
                        needs = needs.Evolve(e);
                    }
                }
            }
        );

    static NeedFinding Finding(Random random) => new(Scale(random), Count(random), [], [], Guid.CreateVersion7(), new(2026, 1, 1));

    static StandingNeed[] Standing(CustomerValue own, NeedBand? inferred) =>
        own.Needs.Said.GetValueOrDefault("price") is NeedDeclared ? [new("price", StandingNeed.Declared, null)]
        : inferred is { } band ? [new("price", StandingNeed.Inferred, band)]
        : [];

    [Fact]
    public void of_customers_who_are_one_the_last_word_holds_and_a_refusal_is_for_all() =>
        Check(
            2_000,
            random =>
            {
                var all = Enumerable.Range(0, 3).Select(_ => NeedMarks.None).ToArray();
                var told = new List<INeedSaid>();
                for (var i = 0; i < 6; i++)
                {
                    INeedSaid said = random.Next(3) switch
                    {
                        0 => new NeedDeclared("price", "agent", "call", start.AddDays(i)),
                        1 => new NeedContested("price", null, start.AddDays(i)),
                        _ => new NeedReopened("price", start.AddDays(i)),
                    };
                    told.Add(said);
                    var who = random.Next(3);
                    all[who] = all[who].With(said);
                }
                var refuses = random.Next(3);
                all[refuses] = all[refuses].With(new ConsentNoted("profiling", "any", Granted: false, start));
                foreach (var order in new[] { all, [.. all.Reverse()] })
                {
                    var joined = order.Aggregate(NeedMarks.None, (sum, one) => sum.And(one));
                    joined.Said["price"].ShouldBe(told[^1]);
                    joined.Refused.ShouldBe(["profiling/any"]);
                }
            }
        );
}
