using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests.Tiers;

public class TierTests
{
    static readonly DateTimeOffset Jan1 = At(2026, 1, 1);

    // Noon in Shanghai, whose day is the business's; dates name that day.
    static DateTimeOffset At(int year, int month, int day) => new DateTimeOffset(year, month, day, 4, 0, 0, TimeSpan.Zero);

    static DateTimeOffset Midnight(int year, int month, int day) => At(year, month, day).AddHours(-12);

    static LoyaltyRules With(TierScheme scheme)
    {
        var rules = Rules();
        rules.Schemes[0] = scheme with { Tiers = scheme.Tiers.Length > 0 ? scheme.Tiers : FourTiers };
        rules.Fault().ShouldBeNull();
        return rules;
    }

    /// <summary>An account as its life goes on.</summary>
    sealed class Life(LoyaltyRules rules)
    {
        int purchases;

        public LoyaltyAccount Account { get; private set; } =
            LoyaltyAccount.Initial.After(OpenAccount.Decide(LoyaltyAccount.Initial, rules, Jan1));
        public List<IAccountEvent> Facts { get; } = [];
        public IEnumerable<IAccountEvent> TierFacts =>
            Facts.Where(f =>
                f is TierChanged or TierKept or TierGraceBegun or TierAssigned or TierReleased or SchemeApplied or TierRescheduled
            );

        public Life Buy(DateTimeOffset at, decimal net) => Do(a => new EarnPoints(Id(++purchases), net, at).Decide(a, rules));

        public Life Return(DateTimeOffset at, int purchase, decimal net) =>
            Do(a => new ReversePoints(Id(500 + Facts.Count), Id(purchase), net, at).Decide(a, rules));

        public Life Pass(DateTimeOffset at) => Do(a => PassTime.Decide(a, rules, at));

        public Standing Standing(DateTimeOffset at) => Loyalty.Accounts.Standing.Of(new Ledger(Account, rules).Pass(at).Account, rules, at);

        public Life Do(Func<LoyaltyAccount, IAccountEvent[]> decide)
        {
            var facts = decide(Account);
            Facts.AddRange(facts);
            Account = Account.After(facts);
            return this;
        }
    }

    [Fact]
    public void a_calendar_tier_lasts_to_the_end_of_the_next_period_and_is_kept_by_that_periods_points()
    {
        var rules = With(new() { Window = TierWindow.Calendar, Months = 12 });
        var life = new Life(rules).Buy(At(2026, 3, 1), 400).Buy(At(2026, 9, 1), 200);
        life.TierFacts.ShouldBe([
            new TierChanged("Bronze", "Silver", 600, At(2026, 9, 1), TierReasons.Qualified, Midnight(2028, 1, 1), Midnight(2026, 1, 1)),
        ]);
        var standing = life.Standing(At(2026, 12, 31));
        (standing.ExpiresAt, standing.StayInTierPoints, standing.PointsToNext, standing.ProjectedTier).ShouldBe(
            (Midnight(2028, 1, 1), 500, 1400, "Bronze")
        );
        life.Buy(At(2027, 12, 31), 499);
        (life.Standing(At(2027, 12, 31)).StayInTierPoints, life.Standing(At(2027, 12, 31)).ProjectedTier).ShouldBe((1, "Bronze"));
        life.Buy(Midnight(2028, 1, 1).AddTicks(-1), 1);
        (life.Standing(At(2027, 12, 31)).StayInTierPoints, life.Standing(At(2027, 12, 31)).ProjectedTier).ShouldBe((0, "Silver"));
        life.Pass(At(2028, 2, 1))
            .TierFacts.Last()
            .ShouldBe(new TierKept("Silver", 500, Midnight(2029, 1, 1), Midnight(2027, 1, 1), Midnight(2028, 1, 1)));
        // 2028 brings nothing; whenever the clock comes by, it was on New Year.
        life.Pass(At(2031, 7, 1))
            .TierFacts.Last()
            .ShouldBe(new TierChanged("Silver", "Bronze", 0, Midnight(2029, 1, 1), TierReasons.Review, null, Midnight(2028, 1, 1)));
    }

    [Fact]
    public void a_purchase_at_the_stroke_of_the_new_period_counts_for_the_new_one()
    {
        var rules = With(new() { Window = TierWindow.Calendar, Months = 3 });
        var life = new Life(rules).Buy(Midnight(2026, 4, 1).AddTicks(-1), 499).Buy(Midnight(2026, 4, 1), 499);
        life.Account.Tier.ShouldBe("Bronze");
        life.Buy(Midnight(2026, 7, 1).AddTicks(-1), 1).Account.Tier.ShouldBe("Silver");
    }

    [Fact]
    public void a_rolling_window_forgets_what_was_earned_so_many_months_ago()
    {
        var rules = With(new() { Window = TierWindow.Rolling, Months = 12 });
        var life = new Life(rules).Buy(At(2026, 3, 10), 300).Buy(At(2027, 3, 10), 300);
        life.Account.Tier.ShouldBe("Bronze", "the day of a year before is no longer in it");
        life.Standing(At(2027, 3, 10)).QualifyingPoints.ShouldBe(300);
        life.Buy(At(2027, 3, 9), 200)
            .TierFacts.ShouldBe(
                [
                    new TierChanged(
                        "Bronze",
                        "Silver",
                        500,
                        At(2027, 3, 10),
                        TierReasons.Qualified,
                        Midnight(2028, 3, 11),
                        Midnight(2026, 3, 11)
                    ),
                ],
                "told late, it counts by its own date and lifts the member now"
            );
    }

    [Fact]
    public void what_made_a_tier_does_not_keep_it_where_points_count_since_its_start()
    {
        var rules = With(new() { Window = TierWindow.SinceTierStart, Months = 12 });
        var life = new Life(rules).Buy(Jan1, 2000).Buy(At(2026, 6, 1), 1999);
        life.Standing(At(2026, 6, 1)).StayInTierPoints.ShouldBe(1);
        life.Pass(At(2027, 2, 1)).Account.Tier.ShouldBe("Silver");
        life.Facts.OfType<TierChanged>()
            .Last()
            .ShouldBe(
                new TierChanged("Gold", "Silver", 1999, Midnight(2027, 1, 2), TierReasons.Review, Midnight(2028, 1, 2), Jan1.AddTicks(1))
            );
        life.Standing(At(2027, 2, 1)).QualifyingPoints.ShouldBe(0);
    }

    [Fact]
    public void membership_years_begin_on_the_day_of_joining_and_the_31st_on_the_last_day_of_shorter_months()
    {
        var rules = With(
            new()
            {
                Window = TierWindow.SinceJoin,
                Months = 1,
                AtExpiry = TierFall.ByPoints,
            }
        );
        var account = LoyaltyAccount.Initial.After(OpenAccount.Decide(LoyaltyAccount.Initial, rules, At(2026, 1, 31)));
        var scheme = rules.SchemeAt(Jan1);
        (DateTimeOffset Day, DateTimeOffset From)[] periods =
        [
            (At(2026, 1, 31), Midnight(2026, 1, 31)),
            (At(2026, 2, 27), Midnight(2026, 1, 31)),
            (At(2026, 2, 28), Midnight(2026, 2, 28)),
            (At(2026, 3, 30), Midnight(2026, 2, 28)),
            (At(2026, 3, 31), Midnight(2026, 3, 31)),
            (At(2026, 1, 30), Midnight(2025, 12, 31)),
            (At(2028, 2, 29), Midnight(2028, 2, 29)),
        ];
        foreach (var (day, from) in periods)
            scheme.From(account, day, rules.Business).ShouldBe(from);
        scheme.ExpiryOf(1, account, At(2026, 2, 1), rules.Business).ShouldBe(Midnight(2026, 3, 31));
    }

    [Theory]
    [
        InlineData(TierFall.OneDown, 0, "Gold"),
        InlineData(TierFall.ByPoints, 0, "Bronze"),
        InlineData(TierFall.ToBase, 600, "Bronze"),
        InlineData(TierFall.ByPoints, 600, "Silver"),
        InlineData(TierFall.OneDown, 600, "Gold")
    ]
    public void a_tier_that_is_not_kept_falls_as_the_scheme_says(TierFall fall, int points, string to)
    {
        var rules = With(new() { Window = TierWindow.Calendar, AtExpiry = fall });
        var life = new Life(rules).Buy(At(2026, 5, 5), 5000);
        if (points > 0)
            life.Buy(At(2027, 5, 5), points);
        life.Pass(Midnight(2028, 1, 1).AddTicks(-1)).Account.Tier.ShouldBe("Platinum");
        life.Pass(Midnight(2028, 1, 1)).Account.Tier.ShouldBe(to);
    }

    [Fact]
    public void who_earns_what_was_missing_in_the_days_of_grace_never_loses_the_tier()
    {
        var rules = With(new() { Window = TierWindow.Calendar, GraceDays = 30 });
        var life = new Life(rules).Buy(At(2026, 5, 5), 500).Buy(At(2027, 5, 5), 450).Pass(At(2028, 1, 10));
        life.TierFacts.Last().ShouldBe(new TierGraceBegun("Silver", 450, Midnight(2028, 1, 31), Midnight(2028, 1, 1)));
        var standing = life.Standing(At(2028, 1, 10));
        (standing.Tier, standing.GraceUntil, standing.StayInTierPoints, standing.ProjectedTier).ShouldBe(
            ("Silver", Midnight(2028, 1, 31), 50, "Bronze")
        );
        life.Buy(At(2028, 1, 20), 49).Account.GraceUntil.ShouldNotBeNull();
        life.Buy(At(2028, 1, 21), 1)
            .TierFacts.Last()
            .ShouldBe(new TierKept("Silver", 500, Midnight(2029, 1, 1), Midnight(2027, 1, 1), At(2028, 1, 21)));
        life.Facts.OfType<TierChanged>().Count().ShouldBe(1, "nobody ever told of a fall");
    }

    [Fact]
    public void after_the_days_of_grace_the_tier_falls_at_their_end()
    {
        var rules = With(new() { Window = TierWindow.Calendar, GraceDays = 30 });
        var life = new Life(rules).Buy(At(2026, 5, 5), 500).Pass(At(2028, 6, 1));
        life.TierFacts.Skip(1)
            .ShouldBe([
                new TierGraceBegun("Silver", 0, Midnight(2028, 1, 31), Midnight(2028, 1, 1)),
                new TierChanged("Silver", "Bronze", 0, Midnight(2028, 1, 31), TierReasons.Review, null, Midnight(2027, 1, 1)),
            ]);
    }

    [Fact]
    public void a_return_that_takes_away_what_a_tier_was_reached_with_lowers_it_by_one_at_most()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var life = new Life(rules).Buy(At(2026, 5, 5), 5000).Buy(At(2026, 6, 6), 100).Return(At(2026, 6, 7), 2, 100);
        life.Account.Tier.ShouldBe("Platinum", "it was not reached with that");
        life.Return(At(2026, 7, 1), 1, 5000);
        life.TierFacts.Last().ShouldBe(new TierChanged("Platinum", "Gold", 0, At(2026, 7, 1), TierReasons.Return, Midnight(2028, 1, 1)));
    }

    [Fact]
    public void a_return_of_an_older_periods_purchase_takes_nothing_from_this_periods_points()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var life = new Life(rules).Buy(At(2026, 12, 30), 100).Buy(At(2027, 1, 5), 500).Return(At(2027, 1, 6), 1, 100);
        (life.Account.Tier, life.Standing(At(2027, 1, 7)).QualifyingPoints).ShouldBe(("Silver", 500));
    }

    [Fact]
    public void a_scheme_may_leave_returns_alone()
    {
        var rules = With(new() { Window = TierWindow.Calendar, RecheckOnReturn = false });
        new Life(rules).Buy(At(2026, 5, 5), 500).Return(At(2026, 5, 6), 1, 500).Account.Tier.ShouldBe("Silver");
    }

    [Fact]
    public void points_that_wait_count_from_the_day_they_are_unlocked()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        rules.Rules[0] = Set(
            1,
            Day(-10_000),
            new EarningRule
            {
                Name = "base",
                PerUnit = 1,
                Hold = new() { Days = 14 },
            }
        );
        var life = new Life(rules).Buy(At(2026, 12, 25), 700);
        life.Standing(At(2026, 12, 31)).QualifyingPoints.ShouldBe(0);
        life.Pass(At(2027, 1, 8))
            .TierFacts.ShouldBe([
                new TierChanged(
                    "Bronze",
                    "Silver",
                    700,
                    Midnight(2027, 1, 8),
                    TierReasons.Qualified,
                    Midnight(2029, 1, 1),
                    Midnight(2027, 1, 1)
                ),
            ]);
        life.Return(At(2027, 1, 9), 1, 350)
            .Standing(At(2027, 1, 9))
            .QualifyingPoints.ShouldBe(350, "the return takes from where they counted");
    }

    [Fact]
    public void a_given_tier_stands_until_it_is_lifted_whatever_the_points_say()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var life = new Life(rules).Do(a => new AssignTier("Gold", "press").Decide(a, rules, "chen", At(2026, 2, 1)));
        life.Buy(At(2026, 3, 1), 6000).Pass(At(2028, 3, 1)).Account.Tier.ShouldBe("Gold");
        var standing = life.Standing(At(2028, 3, 1));
        (standing.Assigned, standing.ExpiresAt, standing.PointsToNext, standing.StayInTierPoints).ShouldBe(
            (new AssignedTier("press", "chen", null), null, null, null)
        );
        life.Do(a => new AssignTier("Gold", "press").Decide(a, rules, "chen", At(2028, 3, 2)))
            .Facts.OfType<TierAssigned>()
            .Count()
            .ShouldBe(1, "the same again changes nothing");
        life.Do(a => new ReleaseTier("contract-over").Decide(a, rules, "li", At(2028, 4, 1)));
        life.TierFacts.TakeLast(2)
            .ShouldBe([
                new TierReleased("li", "contract-over", At(2028, 4, 1)),
                new TierChanged("Gold", "Bronze", 0, At(2028, 4, 1), TierReasons.ManualEnded, null, Midnight(2028, 1, 1)),
            ]);
        Should
            .Throw<RuleViolationException>(() => new ReleaseTier("again").Decide(life.Account, rules, "li", At(2028, 4, 2)))
            .Code.ShouldBe("tier-not-assigned");
    }

    [Fact]
    public void a_given_tier_ends_at_its_instant_and_the_points_of_then_decide()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var life = new Life(rules)
            .Do(a => new AssignTier("Platinum", "press", At(2026, 6, 1)).Decide(a, rules, "chen", At(2026, 2, 1)))
            .Buy(At(2026, 3, 1), 2500);
        life.Standing(At(2026, 3, 2)).ProjectedTier.ShouldBe("Gold");
        life.Pass(At(2026, 9, 1))
            .TierFacts.TakeLast(2)
            .ShouldBe([
                new TierReleased(null, null, At(2026, 6, 1)),
                new TierChanged(
                    "Platinum",
                    "Gold",
                    2500,
                    At(2026, 6, 1),
                    TierReasons.ManualEnded,
                    Midnight(2028, 1, 1),
                    Midnight(2026, 1, 1)
                ),
            ]);
    }

    [Fact]
    public void tiers_that_nobody_knows_or_that_are_over_are_not_given()
    {
        var life = new Life(Rules());
        Should
            .Throw<RuleViolationException>(() => new AssignTier("Diamond", "x").Decide(life.Account, Rules(), "chen", At(2026, 2, 1)))
            .Code.ShouldBe("unknown-tier");
        Should
            .Throw<RuleViolationException>(() =>
                new AssignTier("Gold", "x", At(2026, 2, 1)).Decide(life.Account, Rules(), "chen", At(2026, 2, 1))
            )
            .Code.ShouldBe("already-over");
        life.Do(_ => [new HolderForgotten(At(2026, 1, 15))]);
        Should
            .Throw<RuleViolationException>(() => new AssignTier("Gold", "x").Decide(life.Account, Rules(), "chen", At(2026, 2, 1)))
            .Code.ShouldBe("customer-forgotten");
    }

    [Fact]
    public void another_version_of_the_tiers_lowers_nobody_at_once_and_raises_who_has_the_points()
    {
        var rules = With(new() { Window = TierWindow.Calendar });
        var second = new TierScheme
        {
            Version = 2,
            EffectiveFrom = At(2026, 8, 1),
            Window = TierWindow.Rolling,
            Months = 6,
            Tiers = [new() { Name = "Bronze" }, new() { Name = "Silver", From = 800 }, new() { Name = "Gold", From = 1000 }],
        };
        var (kept, risen, gone) = (
            new Life(rules).Buy(At(2026, 5, 5), 600),
            new Life(rules).Buy(At(2026, 5, 5), 1200),
            new Life(rules).Buy(At(2026, 1, 5), 5000)
        );
        rules.PublishedSchemes = [second];
        foreach (var life in new[] { kept, risen, gone })
            life.Pass(At(2026, 12, 1));
        kept.TierFacts.Skip(1)
            .ShouldBe([new SchemeApplied(2, At(2026, 8, 1)), new TierRescheduled("Silver", Midnight(2027, 2, 2), At(2026, 8, 1))]);
        risen
            .TierFacts.Skip(1)
            .ShouldBe([
                new SchemeApplied(2, At(2026, 8, 1)),
                new TierChanged("Silver", "Gold", 1200, At(2026, 8, 1), TierReasons.Scheme, Midnight(2027, 2, 2), Midnight(2026, 2, 2)),
            ]);
        gone.TierFacts.Skip(1)
            .ShouldBe([
                new SchemeApplied(2, At(2026, 8, 1)),
                new TierChanged("Platinum", "Bronze", 0, At(2026, 8, 1), TierReasons.Scheme, null, Midnight(2026, 2, 2)),
            ]);
        kept.Pass(At(2027, 3, 1)).Account.Tier.ShouldBe("Bronze", "by the second version's threshold and window");
        new Life(rules)
            .Buy(At(2026, 7, 30), 600)
            .Account.Tier.ShouldBe(
                "Silver",
                "told late, a purchase is judged by the version of its own day where the account has not gone on"
            );
    }

    [Fact]
    public void a_tiers_multiplier_adds_a_lot_of_its_own_that_does_not_count_for_the_tier()
    {
        var rules = With(
            new()
            {
                Version = 3,
                Tiers =
                [
                    new() { Name = "Bronze" },
                    new()
                    {
                        Name = "Silver",
                        From = 500,
                        Benefits = new() { Multiplier = 1.5m },
                    },
                ],
            }
        );
        var life = new Life(rules).Buy(At(2026, 2, 1), 500).Buy(At(2026, 2, 2), 101);
        var benefit = life.Facts.OfType<PointsEarned>().Last();
        (benefit.Rule, benefit.RuleVersion, benefit.Points, benefit.Qualifying).ShouldBe((EarningRule.TierBenefit, 3, 50, 0));
        (life.Account.Balance, life.Account.QualifyingPoints).ShouldBe((651, 601));
        life.Return(At(2026, 2, 3), 2, 101).Account.Balance.ShouldBe(500, "a return takes it back too");
        new EarningRule { Name = EarningRule.TierBenefit, Points = 1 }
            .Fault()
            .ShouldNotBeNull();
    }

    [Fact]
    public void schemes_that_do_not_hold_together_are_noticed()
    {
        TierScheme good = new() { Window = TierWindow.Calendar, Tiers = FourTiers };
        good.Fault().ShouldBeNull();
        TierScheme[] bad =
        [
            good with
            {
                Tiers = [],
            },
            good with
            {
                Tiers = [.. FourTiers.Skip(1)],
            },
            good with
            {
                Tiers = [.. FourTiers, FourTiers[0]],
            },
            good with
            {
                Months = 5,
            },
            good with
            {
                Months = 0,
            },
            good with
            {
                KeptPeriods = 0,
            },
            good with
            {
                GraceDays = -1,
            },
            good with
            {
                Months = 1,
                GraceDays = 30,
            },
            good with
            {
                Version = 0,
            },
            good with
            {
                Tiers =
                [
                    new()
                    {
                        Name = "a",
                        Benefits = new() { Multiplier = 0.5m },
                    },
                ],
            },
            good with
            {
                Tiers =
                [
                    new()
                    {
                        Name = "a",
                        Benefits = new() { Access = ["Not A Code"] },
                    },
                ],
            },
        ];
        foreach (var scheme in bad)
            scheme.Fault().ShouldNotBeNull();
        With(good).Copy(null).Fault().ShouldBeNull();
        var tooLong = Rules();
        tooLong.Schemes[0] = good with { Window = TierWindow.Rolling, Months = 30 };
        tooLong.Fault().ShouldNotBeNull();
    }
}
