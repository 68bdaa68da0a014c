using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Imports;
using CrmPlatform.Loyalty.Tests.Households;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests.Measures;

/// <summary>
/// Any histories of members who send points to one another and come from another programme, told in time or late, under each return policy,
/// over the real database: a room of its own, with rules that wait, slide and expire, and tiers that end.
/// </summary>
public partial class MeasureProperties(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
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
    public async Task every_number_is_a_plain_computation_and_the_sum_of_its_events()
    {
        SetRules();
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
