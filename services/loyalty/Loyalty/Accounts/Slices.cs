namespace CrmPlatform.Loyalty.Accounts;

/// <summary>What is in this folder: points, lot by lot.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", snapshots: 5);
        room.Aggregate<AdjustmentDay, IAdjustmentDayEvent>("adjustment_day");
        room.Inline<LedgerView>();
        room.Async<StatementView>();
        room.Due<PassTime>();

        room.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
        room.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
        room.On<Contracts.PurchaseReturned, OnPurchaseReturned>();
        room.On<Contracts.PurchaseRetracted, OnPurchaseRetracted>();
        room.On<Contracts.SurveyAnswered, OnSurveyAnswered>();
        room.On<Contracts.CompensationGranted, OnCompensationGranted>();
        room.On<Contracts.CustomerForgotten, OnCustomerForgotten>();

        RedeemPoints.Map(room);
        UnlockPoints.Map(room);
        RewardAction.Map(room);
        AdjustPoints.Map(room);
        GetAdjustments.Map(room);
        GetAccounts.Map(room);
        GetAccount.Map(room);
        GetStatement.Map(room);
        GetRedemption.Map(room);
        GetSummary.Map(room);
    }
}
