using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests.Tiers;

/// <summary>Members who live under a tier scheme.</summary>
static class GivenTiers
{
    public static readonly DateTimeOffset Jan1 = At(2026, 1, 1);

    // Noon in Shanghai, whose day is the business's; dates name that day.
    public static DateTimeOffset At(int year, int month, int day) => new DateTimeOffset(year, month, day, 4, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Midnight(int year, int month, int day) => At(year, month, day).AddHours(-12);

    public static LoyaltyRules With(TierScheme scheme)
    {
        var rules = Rules();
        rules.Schemes[0] = scheme with { Tiers = scheme.Tiers.Length > 0 ? scheme.Tiers : FourTiers };
        rules.Fault().ShouldBeNull();
        return rules;
    }

    /// <summary>An account as its life goes on.</summary>
    public sealed class Life(LoyaltyRules rules)
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

        public Standing Standing(DateTimeOffset at) =>
            Loyalty.Accounts.Standing.Of(Given.Id(1), new Ledger(Account, rules).Pass(at).Account, rules, at);

        public Life Do(Func<LoyaltyAccount, IAccountEvent[]> decide)
        {
            var facts = decide(Account);
            Facts.AddRange(facts);
            Account = Account.After(facts);
            return this;
        }
    }
}
