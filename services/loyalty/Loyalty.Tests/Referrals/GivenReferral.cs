using CrmPlatform.Loyalty.Referrals;

namespace CrmPlatform.Loyalty.Tests.Referrals;

/// <summary>One referee, brought on day 0 by member 1. Days begin at 16:00 UTC, midnight in Shanghai.</summary>
sealed class GivenReferral
{
    public static readonly Guid Referrer = Given.Id(1),
        Referee = Given.Id(2);
    public static readonly Business Shop = new();

    public static ReferralRules Terms(int? most = 10) => new() { MostPerPeriod = most };

    public static IReferralEvent[] Made(LoyaltyAccount? referee = null, ReferralRules? rules = null) =>
        new MakeReferral(Referee, Referrer).Decide(
            ReferralMember.Initial,
            referee ?? Given.Earned(),
            Given.Account(new AccountOpened("Bronze", Given.Day(-1))),
            [Referrer],
            rules ?? Terms(),
            Shop,
            Given.Day(0)
        );

    public LoyaltyAccount Buyer { get; set; } = Given.Account(new AccountOpened("Bronze", Given.Day(-1)));
    public LoyaltyAccount Bringer { get; set; } = Given.Account(new AccountOpened("Bronze", Given.Day(-1)));
    public ReferralMember Member { get; private set; } =
        ReferralMember.Initial.After(Made(Given.Account(new AccountOpened("Bronze", Given.Day(-1)))));
    public ReferralMember Bringing { get; set; } = ReferralMember.Initial;
    public ReferralRules Settings { get; init; } = Terms();
    public List<IReferralEvent> Facts { get; } = [];

    public GivenReferral Buys(int id, decimal net, DateTimeOffset at)
    {
        Buyer = Buyer.After(new EarnPoints(Given.Id(id), net, at).Decide(Buyer, Given.Rules()));
        return this;
    }

    public GivenReferral Returns(int id, decimal net, DateTimeOffset at)
    {
        Buyer = Buyer.After(new ReversePoints(Guid.CreateVersion7(at), Given.Id(id), net, at).Decide(Buyer, Given.Rules()));
        return this;
    }

    /// <summary>The clock comes by. What it recorded.</summary>
    public IReferralEvent[] Clock(DateTimeOffset now)
    {
        var facts = QualifyReferrals.Decide(Member, Buyer, Bringing, Bringer, Settings, Shop, now);
        if (facts is [ReferralQualified q])
            facts = [q, new ReferralRewarded(Referee, Referrer, 0, 0, q.OccurredAt)];
        Member = Member.After(facts);
        Facts.AddRange(facts);
        return facts;
    }

    /// <summary>Often enough that whatever is due is decided.</summary>
    public IReferralEvent[] ClockUntilNothing(DateTimeOffset now)
    {
        var all = new List<IReferralEvent>();
        while (Clock(now) is { Length: > 0 } facts)
        {
            all.AddRange(facts);
            now += Settings.Settle;
        }
        return [.. all];
    }
}
