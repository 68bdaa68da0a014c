using System.Text.Json;
using CrmPlatform.EventSourcing;
using CrmPlatform.Portraits.Portraits;
using CrmPlatform.Portraits.Timelines;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Portraits.Tests;

public class FoldTests
{
    static readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    static readonly Guid customer = Guid.CreateVersion7();

    static string Folded(IEnumerable<Entry> entries) =>
        JsonSerializer.Serialize(new PortraitState { CustomerId = customer }.With(entries, zone), EventStoreOptions.Json);

    [Fact]
    public void the_order_of_hearing_does_not_matter() =>
        Prop.ForAll(
                Gen.Choose(0, 1_000_000).ToArbitrary(),
                seed =>
                {
                    var entries = Histories.Of(customer, seed, 60).SelectMany(Entry.Of).ToArray();
                    var shuffled = entries.ToArray();
                    new Random(seed).Shuffle(shuffled);
                    Folded(shuffled).ShouldBe(Folded(entries));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void a_state_goes_through_json_unchanged_and_folds_on() =>
        Prop.ForAll(
                Gen.Choose(0, 1_000_000).ToArbitrary(),
                seed =>
                {
                    var entries = Histories.Of(customer, seed, 60).SelectMany(Entry.Of).ToArray();
                    var state = new PortraitState { CustomerId = customer }.With(entries[..30], zone);
                    var read = JsonSerializer.Deserialize<PortraitState>(
                        JsonSerializer.Serialize(state, EventStoreOptions.Json),
                        EventStoreOptions.Json
                    )!;
                    JsonSerializer.Serialize(read.With(entries[30..], zone), EventStoreOptions.Json).ShouldBe(Folded(entries));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void a_satisfaction_that_was_changed_counts_once()
    {
        var at = PortraitsFixture.At("2026-01-01T00:00:00Z");
        Entry Say(string metric, int score, int hour, int? replaces = null) =>
            Entry
                .Of(
                    PortraitsFixture.AsFact(
                        "service-desk",
                        new Contracts.SurveyAnswered(
                            customer,
                            Guid.Empty,
                            metric,
                            score,
                            at.AddHours(hour),
                            "shop",
                            1,
                            Guid.CreateVersion7(),
                            replaces
                        )
                    )
                )
                .Single();
        Entry[] heard = [Say("csat", 2, 1), Say("nps", 10, 2), Say("csat", 5, 3, replaces: 2), Say("csat", 4, 4)];
        foreach (var order in new[] { heard, [.. heard.Reverse()] })
        {
            var state = new PortraitState { CustomerId = customer }.With(order, zone);
            (state.SatisfactionSum, state.SatisfactionCount, state.LastSatisfaction?.Value).ShouldBe((9, 2, 4));
        }
    }

    [Fact]
    public void who_left_the_population_has_no_scores_and_no_grade_until_new_ones_come()
    {
        var at = PortraitsFixture.At("2026-01-01T00:00:00Z");
        Entry Say(object contract) => Entry.Of(PortraitsFixture.AsFact("segmentation", contract)).Single();
        var (scored, graded, left, again) = (
            Say(new Contracts.RfmScored(customer, 5, 1, 5, "s", "t", Guid.CreateVersion7(), default, false, at)),
            Say(new Contracts.GradeChanged(customer, "abc", null, "A", Guid.CreateVersion7(), at)),
            Say(new Contracts.PopulationLeft(customer, "no-net-orders", at.AddDays(1))),
            Say(new Contracts.GradeChanged(customer, "abc", null, "B", Guid.CreateVersion7(), at.AddDays(2)))
        );
        foreach (Entry[] heard in new[] { new[] { scored, graded, left }, [left, graded, scored] })
        {
            var value = Of(heard);
            (value.Rfm, value.Abc).ShouldBe((null, null));
            Of([.. heard, again]).Abc!.Value.ShouldBe("B");
        }

        static Portrait.ValuePart Of(Entry[] heard) =>
            Portrait
                .Of(
                    new PortraitState { CustomerId = customer, Kind = new("individual", default, default) }.With(heard, zone),
                    null,
                    null,
                    ProfileShown.Told,
                    null,
                    null
                )
                .Value;
    }

    [Fact]
    public void of_two_events_at_one_instant_the_greater_id_is_the_newer()
    {
        var (lesser, greater, at) = (
            new Guid("00000000-0000-7000-8000-0000000000ff"),
            new Guid("00000000-0000-7000-8000-000000000100"),
            PortraitsFixture.At("2026-01-01T00:00:00Z")
        );
        Entry Tier(Guid id, string to) =>
            Entry
                .Of(PortraitsFixture.AsFact("loyalty", new Contracts.TierChanged(customer, null, to, 0, at)) with { EventId = id })
                .Single();
        foreach (
            var entries in new[]
            {
                new[] { Tier(lesser, "Silver"), Tier(greater, "Gold") },
                [Tier(greater, "Gold"), Tier(lesser, "Silver")],
            }
        )
            new PortraitState { CustomerId = customer }
                .With(entries, zone)
                .Tier.ShouldBe(new("Gold", greater, at));
    }

    [Fact]
    public void a_stage_or_tier_that_is_told_last_holds_whenever_it_happened()
    {
        var (today, before) = (PortraitsFixture.At("2026-05-10T00:00:00Z"), PortraitsFixture.At("2026-05-01T00:00:00Z"));
        // Registered today, and then a purchase of last week is told.
        Entry[] entries =
        [
            .. Told(1, "segmentation", new Contracts.LifecycleStageChanged(customer, null, "Prospect", "registered", today)),
            .. Told(2, "loyalty", new Contracts.TierChanged(customer, null, "Bronze", 0, today)),
            .. Told(3, "segmentation", new Contracts.LifecycleStageChanged(customer, "Prospect", "New", "purchase", before)),
            .. Told(4, "loyalty", new Contracts.TierChanged(customer, "Bronze", "Gold", 900, before)),
        ];
        foreach (var heard in new[] { entries, [.. entries.Reverse()] })
        {
            var state = new PortraitState { CustomerId = customer }.With(heard, zone);
            (state.Stage!.Value, state.Stage.At, state.Tier!.Value).ShouldBe(("New", before, "Gold"));
        }

        static IEnumerable<Entry> Told(int n, string room, object contract) =>
            Entry.Of(PortraitsFixture.AsFact(room, contract) with { EventId = new Guid($"00000000-0000-7000-8000-00000000000{n}") });
    }

    [Fact]
    public void every_public_contract_says_whose_it_is_and_when_it_happened() =>
        Contracts.ContractCatalogue.All.Where(c => !c.Internal && !c.Type.IsAssignableTo(typeof(Contracts.IAboutCustomer))).ShouldBeEmpty();
}
