// Loyalty: a points account per customer, lot by lot, and the tier that it makes.
using CrmPlatform.Loyalty;
using CrmPlatform.Loyalty.Programme;

var service = CrmService.Create("loyalty", args);
service.Services.AddValidation();
service.Services.AddOptions<LoyaltyRules>().BindConfiguration("Loyalty").PostConfigure<Business>((rules, business) => rules.Business = business)
    .Validate(rules => rules.Fault() is null, "Loyalty: the rules do not hold together").ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<Microsoft.Extensions.Options.IOptions<LoyaltyRules>>().Value);
service.Services.AddOptions<RewardRules>().BindConfiguration("Loyalty").Validate(rules => rules.IsValid(), "Loyalty: a reservation lasts, and the clock looks, for some time").ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<Microsoft.Extensions.Options.IOptions<RewardRules>>().Value);

service.Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", snapshots: 2);
service.Aggregate<LoyaltyProgramme, IProgrammeEvent>("loyalty_programme");
service.Services.AddSingleton<FollowProgramme>().AddHostedService(s => s.GetRequiredService<FollowProgramme>());
service.Aggregate<Reward, IRewardEvent>("reward", snapshots: 1);
service.Aggregate<Allowance, IAllowanceEvent>("reward_member");
service.Aggregate<RewardOrder, IRewardOrderEvent>("reward_order");
service.Inline<LedgerView>();
service.Inline<RewardView>();
service.Inline<OrderView>();
service.Async<StatementView>();
service.Feed(LoyaltyFeed.Translate);
service.Due<PassTime>();
service.Due<LapseReservations>();

service.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
service.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
service.On<Contracts.PurchaseReturned, OnPurchaseReturned>();
service.On<Contracts.SurveyAnswered, OnSurveyAnswered>();
service.On<Contracts.CustomerForgotten, OnCustomerForgotten>();

await service.Run(app =>
{
    RedeemPoints.Map(app);
    CancelRedemption.Map(app);
    UnlockPoints.Map(app);
    RewardAction.Map(app);
    AdjustPoints.Map(app);
    GetAdjustments.Map(app);
    PublishRules.Map(app);
    PreviewRules.Map(app);
    GetRules.Map(app);
    GetAccounts.Map(app);
    GetAccount.Map(app);
    GetStatement.Map(app);
    GetRedemption.Map(app);
    GetSummary.Map(app);
    GetPersonalData.Map(app);
    CreateReward.Map(app);
    ChangeReward.Map(app);
    RestockReward.Map(app);
    PublishReward.Map(app);
    WithdrawReward.Map(app);
    GetRewards.Map(app);
    ReserveReward.Map(app);
    ConfirmOrder.Map(app);
    FulfilOrder.Map(app);
    CancelOrder.Map(app);
    GetOrders.Map(app);
    UseCoupon.Map(app);
    GetCoupon.Map(app);
});

public partial class Program;
