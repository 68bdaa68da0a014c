using CrmPlatform.Loyalty.Imports;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests.Imports;

/// <summary>What a row makes of an account.</summary>
public class ImportMemberTests
{
    static readonly DateTimeOffset now = Day(0);

    static ImportMember Row(long qualifying = 0, string? tier = null, ImportedLot[]? lots = null, ImportedEntry[]? history = null) =>
        new(Day(-1000), qualifying, tier, lots, history, Id(1));

    static ImportedLot Lots(string reference, long points, int expires = 100) => new(reference, points, Day(-50), Day(expires));

    static string Refused(Action decide) => Should.Throw<RuleViolationException>(decide) is var no ? $"{no.Code} {no.Field}" : "";

    [Fact]
    public void lots_are_there_the_tier_follows_and_the_history_is_told_but_counted_once()
    {
        var row = Row(
            2100,
            "Gold",
            [Lots("L-1", 300), new("L-2", 100, Day(-40), null, Day(5))],
            [new("H-2", PastKind.Redeemed, -50, Day(-60), "voucher"), new("H-1", PastKind.Earned, 450, Day(-70))]
        );
        var facts = row.Decide(LoyaltyAccount.Initial, Rules(), "2026", now);
        var (one, two) = (Lot.IdOf(Id(1), "imported L-1"), Lot.IdOf(Id(1), "imported L-2"));
        Guid Entry(string reference) => NameId.For("import-history", Id(1).ToString(), reference);
        facts.Then(
            new AccountOpened("Bronze", Day(-1000)),
            new HistoryImported(Entry("H-1"), "H-1", PastKind.Earned, 450, null, 450, Day(-70)),
            new HistoryImported(Entry("H-2"), "H-2", PastKind.Redeemed, -50, "voucher", 400, Day(-60)),
            new MemberImported("2026", ((MemberImported)facts[3]).Content, Day(-1000), "Gold", 2100, now),
            new TierChanged("Bronze", "Gold", 2100, now, TierReasons.Qualified),
            new PointsImported(one, "L-1", 300, 0, Day(-50), Day(100), null, 300, 100, now),
            new PointsImported(two, "L-2", 100, 0, Day(-40), Expiry.Never, Day(5), 400, 0, now)
        );
        var account = Account(facts);
        (account.Balance, account.Spendable(now), account.QualifyingPoints, account.Told).ShouldBe((400, 300, 2100, 0));
    }

    [Fact]
    public void points_of_here_and_of_there_add_up()
    {
        var account = Earned(600);
        account = account.After(Row(1500, null, [Lots("a", 50)]).Decide(account, Rules(), "i", Day(10)));
        (account.Balance, account.QualifyingPoints, account.Tier).ShouldBe((650, 2100, "Gold"));
    }

    [Fact]
    public void imported_points_repay_a_debt_first()
    {
        var account = Earned(100);
        account = account.After(new RedeemPoints(80, "x").Decide(account, Rules(), Id(9), Day(1)));
        account = account.After(new ReversePoints(Id(8), Id(0), 100, Day(2)).Decide(account, Rules(ReturnPolicy.Unlimited)));
        account.Debt.ShouldBe(80);
        account = account.After(Row(lots: [Lots("a", 50), Lots("b", 50)]).Decide(account, Rules(), "i", Day(10)));
        (account.Balance, account.Debt, account.Spendable(Day(10))).ShouldBe((20, 0, 20));
    }

    [Fact]
    public void what_expired_between_export_and_import_expires_with_the_import()
    {
        var facts = Row(lots: [Lots("old", 30, -1), Lots("new", 70)]).Decide(LoyaltyAccount.Initial, Rules(), "i", now);
        facts.OfType<PointsExpired>().ShouldBe([new PointsExpired(Lot.IdOf(Id(1), "imported old"), 30, 70, now)], ignoreOrder: true);
        Account(facts).Balance.ShouldBe(70);
    }

    [Fact]
    public void the_same_row_again_is_nothing_and_another_one_is_refused()
    {
        var row = Row(lots: [Lots("a", 50), Lots("b", 60)], history: [new("1", PastKind.Earned, 110, Day(-60))]);
        var account = Account(row.Decide(LoyaltyAccount.Initial, Rules(), "i", now));
        row.Decide(account, Rules(), "i", Day(500)).ShouldBeEmpty();
        (row with { Lots = [Lots("b", 60), Lots("a", 50)], JoinedAt = row.JoinedAt.ToOffset(TimeSpan.FromHours(8)) })
            .Decide(account, Rules(), "i", now)
            .ShouldBeEmpty("order and offsets say the same");
        Refused(() => (row with { QualifyingPoints = 1 }).Decide(account, Rules(), "i", now)).ShouldBe("already-imported customerId");
        Refused(() => row.Decide(account, Rules(), "another", now)).ShouldBe("already-imported customerId");
        row.Decide(account.Evolve(new HolderForgotten(now)), Rules(), "i", now).ShouldBeEmpty();
        Refused(() => row.Decide(LoyaltyAccount.Initial.Evolve(new HolderForgotten(now)), Rules(), "i", now))
            .ShouldBe("customer-forgotten customerId");
    }

    [Theory]
    [
        InlineData(null, 0, null),
        InlineData("Bronze", 499, null),
        InlineData("Silver", 500, null),
        InlineData("Gold", 500, "tier-differs tier"),
        InlineData("Bronze", 500, "tier-differs tier"),
        InlineData("Diamond", 500, "unknown-tier tier")
    ]
    public void the_old_tier_is_what_the_points_make(string? tier, long qualifying, string? refused)
    {
        void Decide() => Row(qualifying, tier).Decide(LoyaltyAccount.Initial, Rules(), "i", now);
        if (refused is null)
            Decide();
        else
            Refused(Decide).ShouldBe(refused);
    }

    [Fact]
    public void a_row_that_does_not_hold_together_names_the_field()
    {
        var lot = Lots("a", 50);
        var entry = new ImportedEntry("1", PastKind.Earned, 50, Day(-60));
        foreach (
            var (row, said) in new (ImportMember, string)[]
            {
                (Row(-1), "invalid-row qualifyingPoints"),
                (Row(LoyaltyRules.MostPoints + 1), "invalid-row qualifyingPoints"),
                (Row() with { JoinedAt = Day(1) }, "invalid-row joinedAt"),
                (Row() with { JoinedAt = default }, "invalid-row joinedAt"),
                (Row() with { CustomerId = default }, "invalid-row customerId"),
                (Row(lots: [null!]), "invalid-row lots"),
                (Row(history: [null!]), "invalid-row history"),
                (Row(lots: [lot, lot with { Points = -5, Reference = "b" }]), "invalid-row lots[1].points"),
                (Row(lots: [lot with { Points = 0 }]), "invalid-row lots[0].points"),
                (Row(lots: [lot with { Points = LoyaltyRules.MostPoints + 1 }]), "invalid-row lots[0].points"),
                (Row(lots: [lot with { Points = LoyaltyRules.MostPoints }, Lots("b", 1)]), "invalid-row lots"),
                (Row(lots: [lot, lot]), "invalid-row lots[1].reference"),
                (Row(lots: [lot with { Reference = "=1+1" }]), "invalid-row lots[0].reference"),
                (Row(lots: [lot with { Reference = "a\n" }]), "invalid-row lots[0].reference"),
                (Row(lots: [lot with { EarnedAt = Day(1) }]), "invalid-row lots[0].earnedAt"),
                (Row(lots: [lot with { EarnedAt = Day(-1001) }]), "invalid-row lots[0].earnedAt"),
                (Row(lots: [lot with { ExpiresAt = lot.EarnedAt }]), "invalid-row lots[0].expiresAt"),
                (Row(lots: [lot with { ExpiresAt = DateTimeOffset.MaxValue }]), "invalid-row lots[0].expiresAt"),
                (Row(lots: [lot with { ActiveFrom = Day(200) }]), "invalid-row lots[0].expiresAt"),
                (Row(lots: [lot with { ActiveFrom = Day(-60) }]), "invalid-row lots[0].activeFrom"),
                (Row(lots: [lot with { ActiveFrom = DateTimeOffset.MaxValue, ExpiresAt = null }]), "invalid-row lots[0].activeFrom"),
                (Row(lots: [lot], history: [entry with { OccurredAt = Day(1) }]), "invalid-row history[0].occurredAt"),
                (Row(lots: [lot], history: [entry with { OccurredAt = Day(-1001) }]), "invalid-row history[0].occurredAt"),
                (Row(lots: [lot], history: [entry with { Points = -50 }]), "invalid-row history[0].points"),
                (Row(lots: [lot], history: [entry with { Kind = PastKind.Redeemed }]), "invalid-row history[0].points"),
                (Row(lots: [lot], history: [entry with { Kind = PastKind.Adjusted, Points = 0 }]), "invalid-row history[0].points"),
                (Row(lots: [lot], history: [entry, entry]), "invalid-row history[1].reference"),
                (Row(lots: [lot], history: [entry with { Note = "Mr Wang's birthday" }]), "invalid-row history[0].note"),
                (Row(lots: [lot], history: [entry with { Points = 51 }]), "history-differs history"),
                (Row(history: [entry]), "history-differs history"),
                (Row(lots: [.. Enumerable.Range(0, 1001).Select(i => Lots($"{i}", 1))]), "invalid-row lots"),
                (Row(history: [.. Enumerable.Range(0, 5001).Select(i => entry with { Reference = $"{i}" })]), "invalid-row history"),
            }
        )
            Refused(() => row.Decide(LoyaltyAccount.Initial, Rules(), "i", now)).ShouldBe(said);
    }
}
