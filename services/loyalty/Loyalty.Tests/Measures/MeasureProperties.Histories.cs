using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Imports;
using CrmPlatform.Loyalty.Tests.Households;
using Dapper;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests.Measures;

/// <summary>The histories that are lived, and the rules by which.</summary>
public partial class MeasureProperties
{
    public sealed record Step(int Kind, int Which, int Amount, int Hours, int Late)
    {
        public override string ToString() => $"{Kind}/{Which}/{Amount}/+{Hours}h-{Late}d";
    }

    public sealed record History(Step[][] Members, ReturnPolicy Policy, int[] Instants)
    {
        public override string ToString() =>
            $"{Policy} [{string.Join(" | ", Members.Select(m => string.Join(" ", m.Select(s => s.ToString()))))}] "
            + $"at {string.Join(",", Instants)}";
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

    /// <summary>Rules whose points wait, slide and expire, and two tier schemes, one after the other.</summary>
    void SetRules()
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
    }
}
