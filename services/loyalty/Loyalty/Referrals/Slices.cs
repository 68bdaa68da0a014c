namespace CrmPlatform.Loyalty.Referrals;

/// <summary>What is in this folder: members who bring others.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<ReferralMember, IReferralEvent>("referral", snapshots: 1);
        room.Inline<ReferralView>();
        room.Subscribe<ReferralMetrics>();
        room.Due<QualifyReferrals>();

        IssueReferralCode.Map(room);
        MakeReferral.Map(room);
        GetReferrals.Map(room);
    }
}
