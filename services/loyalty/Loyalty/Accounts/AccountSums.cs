namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Everything that has moved points; what is left is the balance.</summary>
sealed record AccountSums(long Earned = 0, long Redeemed = 0, long Expired = 0, long Reversed = 0, long In = 0, long Out = 0, long Told = 0)
{
    public long Balance => Earned + In - Out - Redeemed - Expired - Reversed;

    public AccountSums With(IAccountEvent fact) =>
        fact switch
        {
            PointsEarned e => this with { Earned = Earned + e.Points },
            PointsRedeemed e => this with { Redeemed = Redeemed + e.Points },
            RedemptionCancelled e => this with { Redeemed = Redeemed - e.Points },
            PointsExpired e => this with { Expired = Expired + e.Points },
            ExpiryCorrected e => this with { Expired = Expired - e.Points },
            PointsReversed e => this with { Reversed = Reversed + e.Points },
            PointsAdjusted e => this with { Earned = Earned + Math.Max(0, e.Points), Reversed = Reversed + Math.Max(0, -e.Points) },
            PointsTransferredIn e => this with { In = In + e.Points },
            PointsTransferredOut e => this with { Out = Out + e.Points },
            PointsImported e => this with { Earned = Earned + e.Points },
            HistoryImported { Kind: PastKind.Redeemed } e => this with { Told = Told + e.Points, Redeemed = Redeemed - e.Points },
            HistoryImported { Kind: PastKind.Expired } e => this with { Told = Told + e.Points, Expired = Expired - e.Points },
            HistoryImported e => this with
            {
                Told = Told + e.Points,
                Earned = Earned + Math.Max(0, e.Points),
                Reversed = Reversed + Math.Max(0, -e.Points),
            },
            _ => this,
        };
}
