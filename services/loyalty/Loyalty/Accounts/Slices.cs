namespace CrmPlatform.Loyalty.Accounts;

/// <summary>What is in this folder: points, lot by lot.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", snapshots: 3);
        service.Inline<LedgerView>();
        service.Async<StatementView>();
        service.Due<PassTime>();

        service.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
        service.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
        service.On<Contracts.PurchaseReturned, OnPurchaseReturned>();
        service.On<Contracts.SurveyAnswered, OnSurveyAnswered>();
        service.On<Contracts.CustomerForgotten, OnCustomerForgotten>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        RedeemPoints.Map(app);
        UnlockPoints.Map(app);
        RewardAction.Map(app);
        AdjustPoints.Map(app);
        GetAdjustments.Map(app);
        GetAccounts.Map(app);
        GetAccount.Map(app);
        GetStatement.Map(app);
        GetRedemption.Map(app);
        GetSummary.Map(app);
    }
}
