using CrmPlatform.Loyalty.Imports;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>Any member of any programme: lots that live, wait and have expired, with a history that adds up to them or none.</summary>
public class ImportProperties
{
    static readonly Gen<ImportedLot> lots =
        from points in Gen.Choose(1, 5_000)
        from earned in Gen.Choose(-400, -1)
        from lasts in Gen.Choose(1, 900)
        from wait in Gen.Choose(-200, 200)
        select new ImportedLot(
            $"{points}-{earned}-{lasts}-{wait}",
            points,
            Day(earned),
            lasts > 800 ? null : Day(earned + lasts),
            wait is > 0 && wait < lasts ? Day(earned + wait) : null
        );

    static readonly Gen<(ImportedLot[] Lots, int[] Days, int[] Changes, bool Told, int Later)> members =
        from some in lots.ArrayOf()
        from days in Gen.Choose(-399, 0).ArrayOf(12)
        from changes in Gen.Choose(-3_000, 6_000).ArrayOf(12)
        from told in Gen.Elements(true, false)
        from later in Gen.Choose(0, 500)
        select (some.DistinctBy(l => l.Reference).ToArray(), days, changes, told, later);

    static ImportMember Member((ImportedLot[] Lots, int[] Days, int[] Changes, bool Told, int Later) m)
    {
        var history = m
            .Days.Zip(m.Changes)
            .Where(x => x.Second != 0)
            .Select(
                (x, i) =>
                    new ImportedEntry(
                        $"h{i}",
                        x.Second > 0 ? PastKind.Earned
                            : i % 2 == 0 ? PastKind.Redeemed
                            : PastKind.Expired,
                        x.Second,
                        Day(x.First),
                        null
                    )
            )
            .ToList();
        if (m.Lots.Sum(l => l.Points) - history.Sum(h => h.Points) is not 0 and var rest)
            history.Add(new("rest", PastKind.Adjusted, rest, Day(-5), "rest"));
        return new(Day(-400), m.Later, null, m.Lots, m.Told ? history : null, Id(1));
    }

    [Fact]
    public void the_balance_at_every_instant_is_a_plain_computation_and_the_sum_of_the_statement() =>
        Prop.ForAll(
                members.ToArbitrary(),
                m =>
                {
                    var (member, rules, now) = (Member(m), Rules(), Day(0).AddHours(m.Later));
                    var account =
                        m.Later % 2 == 0
                            ? LoyaltyAccount.Initial
                            : LoyaltyAccount.Initial.After(new EarnPoints(Id(7), 40, Day(-100)).Decide(LoyaltyAccount.Initial, rules));
                    List<IAccountEvent> facts =
                    [
                        .. m.Later % 2 == 0 ? [] : new EarnPoints(Id(7), 40, Day(-100)).Decide(LoyaltyAccount.Initial, rules),
                    ];
                    facts.AddRange(member.Decide(account, rules, "i", now));
                    account = LoyaltyAccount.Initial.After(facts);
                    facts.AddRange(PassTime.Decide(account, rules, Day(2_000)));
                    RecordedEvent[] stream =
                    [
                        .. facts.Select((f, i) => new RecordedEvent(default, Id(1), i + 1, i + 1, f, EventMetadata.None, now)),
                    ];
                    var statement = stream.Select(StatementView.Of).OfType<StatementEntry>().ToList();
                    // Each entry's balance follows from the one before it, in the order of the stream.
                    var running = 0L;
                    foreach (var entry in statement)
                        ((running += entry.Points) == (entry.Balance ?? running)).ShouldBeTrue($"{entry}");
                    return Enumerable
                        .Range(-41, 300)
                        .Select(ten => Day(10 * ten))
                        .Concat(facts.Select(f => f.OccurredAt))
                        .Append(now.AddTicks(-1))
                        .All(at =>
                        {
                            var here =
                                m.Later % 2 != 0 && at >= Day(-100) && at < new Expiry { Count = 24 }.Of(Day(-100), rules.Business)
                                    ? 40
                                    : 0;
                            var there =
                                at < now
                                    ? (member.History ?? []).Where(h => h.OccurredAt <= at).Sum(h => h.Points)
                                    : m.Lots.Where(l => !(l.ExpiresAt <= at)).Sum(l => l.Points);
                            var shown = AccountAsOf.Of(Id(1), stream, rules, at);
                            return statement.Where(e => e.OccurredAt <= at).Sum(e => e.Points) == here + there
                                && (shown?.Balance ?? 0) == here + there
                                && (
                                    shown is null
                                    || (
                                        shown.Balance == shown.Available + shown.Pending - shown.Debt
                                        && shown.Balance == shown.Earned - shown.Redeemed - shown.Expired - shown.Reversed
                                    )
                                );
                        });
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void twice_is_once_and_a_snapshot_between_makes_no_difference() =>
        Prop.ForAll(
                members.ToArbitrary(),
                m =>
                {
                    var (member, rules) = (Member(m), Rules());
                    var account = LoyaltyAccount.Initial.After(member.Decide(LoyaltyAccount.Initial, rules, "i", Day(1)));
                    var loaded = System.Text.Json.JsonSerializer.Deserialize<LoyaltyAccount>(
                        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(account, EventStoreOptions.Json),
                        EventStoreOptions.Json
                    )!;
                    return account.Told == 0
                        && member.Decide(account, rules, "i", Day(300)).Length == 0
                        && member.Decide(loaded, rules, "i", Day(300)).Length == 0;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
