using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>Goods came back before their points expired, and it was told after the expiry had been written down.</summary>
public class ReturnsToldLateTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    static readonly DateTimeOffset returned = Day(20),
        told = Day(200);

    /// <summary>Two purchases whose points last a month and one whose points stay; some are spent before the goods come back.</summary>
    static (List<IAccountEvent> Facts, LoyaltyRules Rules) Lived(ReturnPolicy policy, decimal refund, long spent, bool late)
    {
        var rules = Rules(policy, validMonths: 1);
        rules.Rules.Add(Set(2, Day(10), new EarningRule { Name = "base", PerUnit = 1 }));
        var (account, facts) = (LoyaltyAccount.Initial, new List<IAccountEvent>());
        Do(a => new EarnPoints(Id(1), 100, Day(0)).Decide(a, rules));
        Do(a => new EarnPoints(Id(2), 50, Day(1)).Decide(a, rules));
        Do(a => new EarnPoints(Id(3), 70, Day(11)).Decide(a, rules));
        if (spent > 0)
            Do(a => new RedeemPoints(spent, "x").Decide(a, rules, Id(9), Day(12)));
        if (late)
            Do(a => PassTime.Decide(a, rules, told));
        // In two parts, so that the second one counts what the first one took.
        foreach (var (id, part) in new[] { (7, refund / 4), (8, refund - refund / 4) })
            Do(a => new ReversePoints(Id(id), Id(1), part, returned).Decide(a, rules));
        Do(a => PassTime.Decide(a, rules, told));
        return (facts, rules);

        void Do(Func<LoyaltyAccount, IAccountEvent[]> decide)
        {
            var happened = decide(account);
            facts.AddRange(happened);
            account = account.After(happened);
        }
    }

    public static TheoryData<ReturnPolicy, int, int> Lives()
    {
        var lives = new TheoryData<ReturnPolicy, int, int>();
        foreach (var policy in Enum.GetValues<ReturnPolicy>())
        foreach (var refund in new[] { 30, 100 })
        foreach (var spent in new[] { 0, 40, 120, 200 })
            lives.Add(policy, refund, spent);
        return lives;
    }

    [Theory, MemberData(nameof(Lives))]
    public void a_return_told_after_the_expiry_gives_the_history_of_one_in_time(ReturnPolicy policy, int refund, int spent)
    {
        var (inTime, late) = (Lived(policy, refund, spent, late: false), Lived(policy, refund, spent, late: true));
        for (var day = 0; day <= 200; day++)
            Sums(late.Facts, Day(day)).ShouldBe(Sums(inTime.Facts, Day(day)), $"day {day}");
        var (was, would) = (LoyaltyAccount.Initial.After(late.Facts), LoyaltyAccount.Initial.After(inTime.Facts));
        was.Lots.ShouldBe(would.Lots, ignoreOrder: true);
        (was.Balance, was.Debt, was.Tier).ShouldBe((would.Balance, would.Debt, would.Tier));
    }

    static AccountSums Sums(List<IAccountEvent> facts, DateTimeOffset at) =>
        facts.Where(f => f.OccurredAt <= at).Aggregate(new AccountSums(), (sums, fact) => sums.With(fact));

    [Fact]
    public async Task the_ledger_the_statement_and_the_liability_know_it()
    {
        var (customer, bought) = (Guid.CreateVersion7(), LoyaltyRoom.Now.AddDays(-900));
        var purchase = LoyaltyRoom.Purchase(customer, 100, bought);
        await room.Hear("customers", purchase);
        await room.RunDue<PassTime>();
        await room.Hear("customers", LoyaltyRoom.Return(purchase, 60) with { OccurredAt = bought.AddDays(10) });
        await room.CatchUp();

        var account = await room.Get($"accounts/{customer}");
        (Number(account, "reversed"), Number(account, "expired"), Number(account, "balance")).ShouldBe((60, 40, 0));
        var summary = await room.Get("summary");
        (Number(summary, "pointsReversed"), Number(summary, "pointsExpired"), Number(summary, "balance")).ShouldBe((60, 40, 0));
        var between = Uri.EscapeDataString(bought.AddDays(11).ToString("O"));
        Number(await room.Get($"accounts/{customer}?asOf={between}"), "balance").ShouldBe(40);
        Number(await room.Get($"measures/liability?asOf={between}"), "points").ShouldBe(40);
        var entries = (await room.Get($"accounts/{customer}/statement")).GetProperty("items").EnumerateArray().ToList();
        entries.Sum(e => Number(e, "points")).ShouldBe(0);
        entries.Where(e => e.GetProperty("kind").GetString() == "expired").Sum(e => Number(e, "points")).ShouldBe(-40);

        static long Number(System.Text.Json.JsonElement of, string name) => of.GetProperty(name).GetInt64();
    }
}
