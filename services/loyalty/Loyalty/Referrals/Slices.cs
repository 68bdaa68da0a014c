namespace CrmPlatform.Loyalty.Referrals;

/// <summary>What is in this folder: members who bring others.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<ReferralMember, IReferralEvent>("referral", snapshots: 1);
        service.Inline<ReferralView>();
        service.Subscribe<ReferralMetrics>();
        service.Due<QualifyReferrals>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        IssueReferralCode.Map(app);
        MakeReferral.Map(app);
        GetReferrals.Map(app);
    }
}
