using System.Globalization;
using System.Text.Json;
using CrmPlatform.Loyalty.Activities;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Imports;
using CrmPlatform.Loyalty.Tests.Households;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests.Measures;

/// <summary>
/// Any histories of members who send points to one another and come from another programme, told in time or late, under each return policy,
/// over the real database: a room of its own, with rules that wait, slide and expire, and tiers that end.
/// </summary>
public class MeasureProperties(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    public sealed record Step(int Kind, int Which, int Amount, int Hours, int Late)
    {
        public override string ToString() => $"{Kind}/{Which}/{Amount}/+{Hours}h-{Late}d";
    }

    public sealed record History(Step[][] Members, ReturnPolicy Policy, int[] Instants)
    {
        public override string ToString() =>
            $"{Policy} [{string.Join(" | ", Members.Select(m => string.Join(" ", m.Select(s => s.ToString()))))}] at {string.Join(",", Instants)}";
    }

    static readonly Gen<Step> steps =
        from kind in Gen.Choose(0, 22)
        from which in Gen.Choose(0, 5)
        from amount in Gen.Choose(0, 40_000)
        from hours in Gen.Choose(0, 24 * 14)
        from late in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 40)))
        select new Step(kind, which, amount, hours, late);

    static readonly Arbitrary<History> histories = (
        from members in steps.ArrayOf().ArrayOf(5)
        from policy in Gen.Elements(Enum.GetValues<ReturnPolicy>())
        from instants in Gen.Choose(0, 10_000).ArrayOf(3)
        select new History(members, policy, instants)
    ).ToArbitrary();

    /// <summary>The first day of the histories; they end before today.</summary>
    static readonly DateTimeOffset start = new DateTimeOffset(LoyaltyRoom.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-900).AddHours(9);

    static readonly Type[] kinds =
    [
        typeof(PointsTransferredIn),
        typeof(PointsImported),
        typeof(HistoryImported),
        typeof(TierAssigned),
        typeof(TierReleased),
        typeof(TierKept),
        typeof(SchemeApplied),
    ];

    readonly Dictionary<Guid, IReadOnlyList<RecordedEvent>> streams = [];
    readonly LoyaltyRules rules = room.Services.GetRequiredService<LoyaltyRules>();

    int Kinds() => streams.Values.SelectMany(s => s).Select(e => e.Data.GetType()).Intersect(kinds).Count();

    [Fact]
    public async Task every_number_is_a_plain_computation_and_the_sum_of_its_events_as_of_any_instant_and_a_view_built_anew_equals_the_live_one()
    {
        rules.Rules.Clear();
        rules.Rules.Add(
            Set(
                1,
                start.AddDays(-10_000),
                new()
                {
                    Name = "base",
                    PerUnit = 1,
                    Valid = new() { Count = 2 },
                },
                new()
                {
                    Name = "later",
                    PerUnit = 0.3m,
                    Qualifying = 1.5m,
                    Hold = new() { Days = 9 },
                    Valid = new() { Count = 0, Round = ExpiryRound.Quarter },
                    When = new() { MinNet = 50 },
                },
                new()
                {
                    Name = "delivered",
                    PerUnit = 0.5m,
                    Qualifying = 2,
                    Hold = new() { Action = "delivered" },
                    Valid = new() { Count = 20, Unit = ExpiryUnit.Days },
                },
                new()
                {
                    Name = "kept-alive",
                    PerUnit = 0.2m,
                    Valid = new() { Count = 1, Unit = ExpiryUnit.Inactivity },
                },
                new()
                {
                    Name = "for-ever",
                    Multiply = 1.2m,
                    When = new() { Tiers = ["Silver"] },
                    Valid = new() { Unit = ExpiryUnit.Never },
                },
                new()
                {
                    Name = "friend",
                    On = "referral",
                    Points = 50,
                    Hold = new() { Days = 30 },
                }
            )
        );
        rules.Schemes.Clear();
        rules.Schemes.Add(
            new()
            {
                EffectiveFrom = start.AddDays(-10_000),
                Window = TierWindow.Rolling,
                Months = 2,
                GraceDays = 10,
                Tiers = [.. FourTiers.Select(t => t with { Benefits = new() { Multiplier = t.Name == "Silver" ? 1.5m : 1 } })],
            }
        );
        rules.Schemes.Add(
            new()
            {
                Version = 2,
                EffectiveFrom = start.AddDays(200),
                Tiers = [new() { Name = "Bronze" }, new() { Name = "Jade", From = 400 }, new() { Name = "Gold", From = 900 }],
            }
        );
        var asked = new List<(DateTimeOffset At, int ActiveDays)>();
        // The room's own clock waits meanwhile: what is due is written down where a history says so, and else not at all.
        await using (var clock = await room.Db.OpenConnectionAsync())
        {
            await clock.ExecuteAsync("select pg_advisory_lock(hashtext('crm-due'), hashtext('points'))");
            // Rare by chance: points come to a member who owes some.
            await Check(
                new(
                    [
                        [new(0, 0, 40_000, 1, 0), new(21, 0, 8_000, 10, 0)],
                        [new(0, 0, 4_000, 1, 0), new(8, 0, 4_000, 1, 0), new(7, 0, 0, 1, 0)],
                    ],
                    ReturnPolicy.Unlimited,
                    [8, 12, 24]
                ),
                asked
            );
            streams.Values.SelectMany(s => s).Select(e => e.Data).OfType<PointsTransferredIn>().Single().Repaid.ShouldBeGreaterThan(0);
            // Rarer: a return that is dated before its purchase and owes points, and before it a purchase told last, whose waiting points
            // repay them.
            await Check(
                new(
                    [
                        [
                            new(15, 0, 0, 1, 0),
                            new(0, 0, 20_000, 240, 0),
                            new(8, 0, 40_000, 1, 0),
                            new(7, 0, 0, 1, 5),
                            new(0, 0, 6_000, 1, 15),
                        ],
                        [new(15, 0, 0, 1, 0)],
                    ],
                    ReturnPolicy.Unlimited,
                    [168]
                ),
                asked
            );
            // A redemption cancelled, and then a return dated before that took its points.
            await Check(
                new(
                    [
                        [
                            new(15, 0, 0, 1, 0),
                            new(0, 0, 20_000, 240, 0),
                            new(8, 0, 40_000, 1, 0),
                            new(10, 0, 0, 119, 0),
                            new(7, 0, 0, 1, 4),
                        ],
                        [new(15, 0, 0, 1, 0)],
                    ],
                    ReturnPolicy.Unlimited,
                    [288]
                ),
                asked
            );
            var property = Prop.ForAll(
                histories,
                history =>
                {
                    Check(history, asked).GetAwaiter().GetResult();
                    return true;
                }
            );
            property.Check(Config.QuickThrowOnFailure.WithMaxTest(5));
            // Five histories hold every kind of fact nearly always.
            for (var more = 0; more < 20 && Kinds() < kinds.Length; more++)
                property.Check(Config.QuickThrowOnFailure.WithMaxTest(1));
            await clock.ExecuteAsync("select pg_advisory_unlock(hashtext('crm-due'), hashtext('points'))");
        }
        streams.Count.ShouldBeGreaterThan(10);
        Kinds().ShouldBe(kinds.Length, "histories are varied");

        var written = streams.Values.Sum(s => s.Count);
        await room.RunDue<PassTime>();
        await room.CatchUp();
        foreach (var stream in streams.Keys.ToList())
            streams[stream] = await room.Store.FetchStream(stream);
        streams.Values.Sum(s => s.Count).ShouldBeGreaterThan(written, "the clock came by");
        foreach (var (at, activeDays) in asked.TakeLast(4))
            await Compare(at, activeDays);

        var before = await Contents();
        before.Length.ShouldBeGreaterThan(1_000);
        await room.Daemon.Rebuild("measures");
        (await Contents()).ShouldBe(before);
    }

    async Task Check(History history, List<(DateTimeOffset At, int ActiveDays)> asked)
    {
        rules.Returns = history.Policy;
        await Live(history.Members);
        await room.CatchUp();
        var facts = streams.Values.SelectMany(s => s).Select(e => e.Data).ToList();
        var instants = facts
            .OfType<IAccountEvent>()
            .Select(f => f.OccurredAt)
            .Concat(
                facts
                    .OfType<PointsEarned>()
                    .SelectMany(f => new[] { f.ExpiresAt, f.ExpiresAt.AddMicroseconds(-1), f.ActiveFrom ?? f.OccurredAt })
            )
            .Concat(facts.OfType<PointsImported>().SelectMany(f => new[] { f.ExpiresAt, f.ActiveFrom ?? f.EarnedAt }))
            .Concat(facts.OfType<MemberImported>().Select(f => f.JoinedAt))
            .Concat(facts.OfType<PointsTransferredIn>().SelectMany(f => f.Lots.Select(l => l.ExpiresAt)))
            .Concat(facts.OfType<ExpiryMoved>().Select(f => f.ExpiresAt))
            .Append(start.AddDays(-500))
            .Where(i => i < LoyaltyRoom.Now)
            .Distinct()
            .Order()
            .ToList();
        foreach (var n in history.Instants)
        {
            asked.Add((n % 4 == 0 ? start.AddHours(n % 8_000) : instants[n % instants.Count], 1 + n % 90));
            await Compare(asked[^1].At, asked[^1].ActiveDays);
        }
    }

    async Task Compare(DateTimeOffset at, int activeDays)
    {
        var (plain, query) = (new Plain(streams, rules, at, activeDays), $"asOf={Uri.EscapeDataString(at.ToString("O"))}");
        var shown = await room.Get($"measures?{query}&activeDays={activeDays}");
        foreach (var measure in shown.GetProperty("measures").EnumerateArray())
        {
            var (id, expected) = (measure.GetProperty("id").GetString()!, Plain.Of(plain.Members, measure.GetProperty("id").GetString()!));
            var got = (measure.GetProperty("numerator").GetDecimal(), Number(measure.GetProperty("denominator")));
            got.ShouldBe(expected, $"{id} {query}");
            Number(measure.GetProperty("value"))
                .ShouldBe(
                    expected.Denominator switch
                    {
                        null => expected.Numerator * rules.PointValue,
                        0 => null,
                        { } d => Math.Round(expected.Numerator / d, 6),
                    },
                    $"{id} {query}"
                );
            (await Sum($"measures/{id}/events?{query}&activeDays={activeDays}")).ShouldBe(got.Item1, $"{id} {query} numerator");
            if (got.Item2 is not null)
                (await Sum($"measures/{id}/events?{query}&activeDays={activeDays}&part=denominator")).ShouldBe(
                    got.Item2.Value,
                    $"{id} {query} denominator"
                );
        }
        plain.Members.ShouldAllBe(m => m.Account.Balance == m.Account.Available + m.Account.Pending - m.Account.Debt, query);
        plain.Members.Sum(m => m.Account.TransferredIn).ShouldBe(plain.Members.Sum(m => m.Account.TransferredOut), query);
        foreach (var by in new[] { "state", "age", "expiry", "cohort", "tier" })
        {
            var liability = await room.Get($"measures/liability?{query}&by={by}");
            liability.GetProperty("points").GetInt64().ShouldBe(plain.Members.Sum(m => m.Account.Balance), query);
            var rows = liability
                .GetProperty("rows")
                .EnumerateArray()
                .ToDictionary(
                    r => r.GetProperty("bucket").GetString()!,
                    r => (Accounts: r.GetProperty("accounts").GetInt64(), Points: r.GetProperty("points").GetInt64())
                );
            rows.Where(r => r.Value.Points != 0 || plain.Liability(by).ContainsKey(r.Key))
                .OrderBy(r => r.Key)
                .ShouldBe(plain.Liability(by).OrderBy(r => r.Key), $"{by} {query}");
            foreach (var (bucket, row) in rows)
                (await Sum($"measures/liability/events?{query}&by={by}&bucket={Uri.EscapeDataString(bucket)}")).ShouldBe(
                    row.Points,
                    $"{by} {bucket} {query}"
                );
        }
        var cohorts = (await room.Get($"measures/cohorts?{query}&activeDays={activeDays}"))
            .GetProperty("cohorts")
            .EnumerateArray()
            .ToList();
        cohorts.Select(c => c.GetProperty("cohort").GetString()).ShouldBe(plain.Members.Select(m => m.Cohort).Distinct().Order());
        foreach (var cohort in cohorts)
        {
            var members = plain.Members.Where(m => m.Cohort == cohort.GetProperty("cohort").GetString()).ToList();
            decimal Part(string id, bool denominator = false) =>
                denominator ? Plain.Of(members, id).Denominator!.Value : Plain.Of(members, id).Numerator;
            var named = new Dictionary<string, decimal?>
            {
                ["members"] = members.Count,
                ["activeMembers"] = Part("active-members"),
                ["buyers"] = Part("repeat-rate", true),
                ["repeatBuyers"] = Part("repeat-rate"),
                ["revenue"] = Part("purchase-value"),
                ["repeatRevenue"] = Part("repeat-revenue-share"),
                ["pointsIssued"] = Part("breakage", true),
                ["pointsRedeemed"] = Part("redemption-rate"),
                ["pointsExpired"] = Part("breakage"),
                ["pointsTransferred"] = members.Sum(m => m.Account.TransferredIn - m.Account.TransferredOut),
                ["liability"] = Part("liability"),
                ["tenureMean"] = Math.Round(Part("tenure-mean") / members.Count, 6),
                ["tenureMedian"] = Part("tenure-median") / Part("tenure-median", true),
            };
            (Part("breakage", true) + named["pointsTransferred"] - Part("redemption-rate") - Part("breakage")).ShouldBe(
                Part("liability"),
                query
            );
            foreach (var (name, value) in named)
                Number(cohort.GetProperty(name)).ShouldBe(value, $"{name} of {cohort.GetProperty("cohort")} {query}");
        }
        var some = cohorts.LastOrDefault();
        if (some.ValueKind == JsonValueKind.Object)
            (await Sum($"measures/repeat-revenue-share/events?{query}&cohort={some.GetProperty("cohort")}")).ShouldBe(
                some.GetProperty("repeatRevenue").GetDecimal()
            );
    }

    static decimal? Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetDecimal();

    /// <summary>All pages of a drill-down; each row is a fact of the log, said once, of a member, at its place and time.</summary>
    async Task<decimal> Sum(string path)
    {
        var (sum, seen, limit) = (0m, new HashSet<(Guid, bool)>(), path.Length % 3 == 0 ? 7 : 200);
        for (var after = ""; after is not null; )
        {
            var page = await room.Get($"{path}&limit={limit}{after}");
            foreach (var row in page.GetProperty("items").EnumerateArray())
            {
                var (id, due) = (row.GetProperty("eventId").GetGuid(), row.GetProperty("due").GetBoolean());
                seen.Add((id, due)).ShouldBeTrue($"{path}: an event is named once");
                var fact = streams[row.GetProperty("streamId").GetGuid()][row.GetProperty("version").GetInt32() - 1];
                fact.Id.ShouldBe(id);
                if (!due)
                    (
                        fact.Data is MemberImported { JoinedAt: var joined }
                            ? joined
                            : (DateTimeOffset)fact.Data.GetType().GetProperty("OccurredAt")!.GetValue(fact.Data)!
                    ).ShouldBe(row.GetProperty("occurredAt").GetDateTimeOffset());
                sum += row.GetProperty("amount").GetDecimal();
            }
            after = page.GetProperty("next").ValueKind == JsonValueKind.String ? "&after=" + page.GetProperty("next").GetString() : null;
        }
        return sum;
    }

    sealed class Life
    {
        public Guid Customer { get; } = Guid.CreateVersion7();
        public Guid Activity { get; } = Guid.CreateVersion7();
        public List<Guid> Purchases { get; } = [];
        public List<Guid> Redemptions { get; } = [];
    }

    /// <summary>
    /// The lives of a few members of one household, step by step as their times come. What is told late is dated days before what was
    /// already told.
    /// </summary>
    async Task Live(Step[][] members)
    {
        var lives = members.Select(_ => new Life()).ToList();
        var script = members
            .SelectMany(
                (steps, who) =>
                {
                    var now = start;
                    return steps
                        .Take(60)
                        .Select(
                            (step, n) =>
                                (
                                    Life: lives[who],
                                    Other: lives[(who + 1 + step.Which % (lives.Count - 1)) % lives.Count],
                                    Step: step,
                                    N: n,
                                    Now: now = now.AddHours(step.Hours).AddMilliseconds(step.Amount)
                                )
                        )
                        .ToList();
                }
            )
            .OrderBy(s => s.Now)
            .ToList();
        foreach (var (life, other, step, n, now) in script)
        {
            var at = now.AddDays(-step.Late);
            var id = NameId.For(life.Customer.ToString(), n.ToString(CultureInfo.InvariantCulture));
            Func<LoyaltyAccount, IAccountEvent[]>? decide = step.Kind switch
            {
                <= 4 => a => new EarnPoints(id, step.Amount / 100m, at, "web").Decide(a, rules),
                5 or 6 when Pick(life.Purchases, step) is { } purchase => a =>
                    new ReversePoints(id, purchase, decimal.Round(step.Amount / 150m, 2), at).Decide(a, rules),
                7 when Pick(life.Purchases, step) is { } purchase => a => new ReversePoints(id, purchase, 1_000, at).Decide(a, rules),
                8 or 9 => a => new RedeemPoints(step.Amount / 200 + 1, "x").Decide(a, rules, id, now),
                10 when Pick(life.Redemptions, step) is { } redemption => a =>
                    a.Redemptions.ContainsKey(redemption) ? new CancelRedemption(redemption).Decide(a, rules, now) : [],
                11 => a => a.IsOpen ? PassTime.Decide(a, rules, now) : [],
                12 when Pick(life.Purchases, step) is { } purchase => a =>
                    a.Purchases.ContainsKey(purchase) ? new UnlockPoints(purchase, "delivered").Decide(a, rules, now) : [],
                13 => a => a.IsOpen ? new AdjustPoints(step.Amount / 100 - 200, "x").Decide(a, rules, id, "tester", now) : [],
                14 => a => RewardAction.Decide(a, rules, new(step.Which % 2 == 0 ? "referral" : "review", id, at)),
                15 => a => OpenAccount.Decide(a, rules, at),
                16 when step.Which == 0 => a => a is { IsOpen: true, IsForgotten: false } ? [new HolderForgotten(now)] : [],
                17 => a => new AwardPoints(id, "attendance", 30, now).Decide(a, rules),
                18 => a => Row(life.Customer, step, now).Decide(a, rules, "programme", now),
                19 => a =>
                    a.IsOpen
                        ? new AssignTier(
                            rules.SchemeAt(a.SchemeAsOf).Tiers[step.Which % 3].Name,
                            "x",
                            step.Amount % 2 == 0 ? null : now.AddDays(step.Amount % 50 + 1)
                        ).Decide(a, rules, "tester", now)
                        : [],
                20 when step.Which < 3 => a => a.IsOpen ? new ReleaseTier("x").Decide(a, rules, "tester", now) : [],
                _ => null,
            };
            try
            {
                if (decide is not null)
                    await room.Store.Write(LoyaltyAccount.Of(life.Customer), decide);
                else if (step.Kind > 20)
                    await Send(life.Customer, other.Customer, id, step.Amount / 200 + 1, now);
            }
            catch (RuleViolationException)
            {
                continue;
            }
            if (step.Kind <= 4)
                life.Purchases.Add(id);
            if (step.Kind is 8 or 9)
                life.Redemptions.Add(id);
            if (step.Kind == 17)
                await room.Store.Write(
                    Activity.Of(life.Activity),
                    _ => new IActivityEvent[] { new MemberAttended(life.Customer, 30, now) }
                );
        }
        foreach (var stream in lives.SelectMany(l => new[] { l.Customer, l.Activity }))
            if (await room.Store.FetchStream(stream) is { Count: > 0 } facts)
                streams[stream] = facts;
    }

    /// <summary>
    /// Of a programme whose lots may be pending, or have expired since it told of them, and that knew the member before or after the
    /// account was opened here.
    /// </summary>
    static ImportMember Row(Guid customer, Step step, DateTimeOffset now) =>
        new(
            customer,
            now.AddDays(-60 - 100 * step.Which),
            step.Amount / 50,
            null,
            [
                new("a", step.Amount + 1, now.AddDays(-50), now.AddDays(step.Which * 20 - 10)),
                new("b", 100, now.AddDays(-5), null, now.AddDays(step.Which * 10 - 20)),
            ],
            step.Which > 2
                ? null
                :
                [
                    new("1", PastKind.Earned, step.Amount + 200, now.AddDays(-55)),
                    new("2", PastKind.Redeemed, -70, now.AddDays(-50)),
                    new("3", PastKind.Expired, -29, now.AddDays(-20)),
                ]
        );

    Task Send(Guid from, Guid to, Guid id, long points, DateTimeOffset now)
    {
        var household = new Belonging { HouseholdId = id, Since = start };
        return room.Store.Write(
            Write.To(
                LoyaltyAccount.Of(from),
                LoyaltyAccount.Of(to),
                (sender, receiver) =>
                {
                    if (!sender.State.IsOpen || !receiver.State.IsOpen)
                        return;
                    var decided = new TransferPoints(points, to).Decide(
                        id,
                        from,
                        sender.State,
                        household,
                        receiver.State,
                        household,
                        GivenHousehold.Free(),
                        rules,
                        now
                    );
                    sender.Append(decided.Sender);
                    receiver.Append(decided.Receiver);
                }
            )
        );
    }

    static Guid? Pick(List<Guid> from, Step step) => from.Count == 0 ? null : from[^(1 + step.Which % from.Count)];

    async Task<string[]> Contents()
    {
        var all = new List<string>();
        foreach (var table in new[] { "member", "tier", "purchase", "return", "act", "lot", "unlock", "touch", "claim", "move" })
        {
            await using var command = room.Db.CreateCommand($"select t::text from measure_{table} t order by 1");
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                all.Add($"{table} {rows.GetString(0)}");
        }
        return [.. all];
    }
}
