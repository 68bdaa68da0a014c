using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Loyalty.Tests.Rewards;

/// <summary>
/// Any history of purchases, returns, reservations, confirmations, cancellations, uses, restockings, changes and clocks, over the real
/// database.
/// </summary>
public class RewardProperties(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    public sealed record Step(int Kind, int Who, int What, int Amount)
    {
        public override string ToString() => $"{Kind}/{Who}/{What}/{Amount}";
    }

    static readonly Arbitrary<Step[]> histories = (
        from kind in Gen.Choose(0, 19)
        from who in Gen.Choose(0, 2)
        from what in Gen.Choose(0, 30)
        from amount in Gen.Choose(0, 300)
        select new Step(kind, who, what, amount)
    )
        .ArrayOf()
        .ToArbitrary();

    [Fact]
    public async Task stock_allowances_and_points_add_up_after_every_history()
    {
        Prop.ForAll(
                histories,
                steps =>
                {
                    var run = new RewardRun(room);
                    run.Do(steps).GetAwaiter().GetResult();
                    return true;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

        var before = await Contents();
        before.Length.ShouldBeGreaterThan(100);
        foreach (var projection in new[] { "ledger", "reward", "reward-order" })
            await room.Daemon.Rebuild(projection);
        (await Contents()).ShouldBe(before);
    }

    async Task<string[]> Contents()
    {
        var all = new List<string>();
        foreach (var table in new[] { "ledger_account", "ledger_lot", "ledger_redemption", "reward", "reward_order" })
        {
            await using var command = room.Db.CreateCommand($"select t::text from {table} t order by 1");
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                all.Add($"{table} {rows.GetString(0)}");
        }
        return [.. all];
    }
}
