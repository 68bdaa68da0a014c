using CrmPlatform.Loyalty.Programme;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>Any history of purchases, returns, redemptions, cancellations, transfers and clock ticks, under any policy.</summary>
static class LedgerHistories
{
    public sealed record Step(int Kind, int Which, int Amount, int Hours)
    {
        public override string ToString() => $"{Kind}/{Which}/{Amount}/+{Hours}h";
    }

    public static readonly Gen<Step[]> steps = (
        from kind in Gen.Choose(0, 17)
        from which in Gen.Choose(0, 5)
        from amount in Gen.Choose(0, 40_000)
        from hours in Gen.Choose(0, 24 * 12)
        select new Step(kind, which, amount, hours)
    ).ArrayOf();

    /// <summary>The policies under which an account lives.</summary>
    public sealed record World(ReturnPolicy Policy, TierWindow Window, int GraceDays);

    public static readonly Arbitrary<(Step[] Steps, World World)> histories = (
        from s in steps
        from policy in Gen.Elements(Enum.GetValues<ReturnPolicy>())
        from window in Gen.Elements(Enum.GetValues<TierWindow>())
        from grace in Gen.Elements(0, 5, 20)
        select (s, new World(policy, window, grace))
    ).ToArbitrary();

    public static TierScheme Scheme(World world) =>
        new()
        {
            Window = world.Window,
            Months = 1,
            GraceDays = world.GraceDays,
            AtExpiry = (TierFall)(world.GraceDays % 3),
            Tiers = FourTiers,
        };

    // A short validity, so that histories of some months see points expire; points that wait, for days and for a delivery; points that live
    // by activity.
    public static LoyaltyRules SomeRules(World world)
    {
        var rules = Given.Rules(world.Policy);
        rules.Schemes[0] = Scheme(world);
        rules.Rules.Clear();
        rules.Rules.Add(
            Set(
                1,
                Day(-10_000),
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
                    Qualifying = 0.5m,
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
                    Name = "loyal",
                    Multiply = 1.5m,
                    When = new() { Tiers = ["Silver"] },
                    Valid = new() { Count = 1, Unit = ExpiryUnit.Inactivity },
                }
            )
        );
        return rules;
    }

    public static LoyaltyRules Draft(World world)
    {
        var rules = SomeRules(world)
            .Copy(
                Scheme(world) with
                {
                    Window = (TierWindow)(((int)world.Window + 1) % 5),
                    Tiers = [new() { Name = "Bronze" }, new() { Name = "Silver", From = 300 }, new() { Name = "Gold", From = 900 }],
                }
            );
        rules.Rules.Add(
            Set(
                2,
                Day(20),
                new()
                {
                    Name = "base",
                    PerUnit = 1.7m,
                    Valid = new() { Count = 0, Round = ExpiryRound.Month },
                },
                new()
                {
                    Name = "delivered",
                    PerUnit = 0.5m,
                    Hold = new() { Action = "delivered" },
                },
                new()
                {
                    Name = "welcome",
                    Points = 100,
                    When = new() { FirstPurchase = true },
                }
            )
        );
        return rules;
    }
}
