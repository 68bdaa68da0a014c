// Loyalty: a points account per customer, lot by lot, and the tier that it makes.
using CrmPlatform.Loyalty;
using CrmPlatform.Loyalty.Programme;

var service = CrmService.Create("loyalty", args);
service.Services.AddValidation();
service.Services.AddOptions<LoyaltyRules>().BindConfiguration("Loyalty").PostConfigure<Business>((rules, business) => rules.Business = business)
    .Validate(rules => rules.Fault() is null, "Loyalty: the rules do not hold together").ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<Microsoft.Extensions.Options.IOptions<LoyaltyRules>>().Value);

service.Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", snapshots: 2);
service.Aggregate<LoyaltyProgramme, IProgrammeEvent>("loyalty_programme");
service.Services.AddSingleton<FollowProgramme>().AddHostedService(s => s.GetRequiredService<FollowProgramme>());
service.Inline<LedgerView>();
service.Async<StatementView>();
service.Feed(LoyaltyFeed.Translate);
service.Due<PassTime>();

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
});

public partial class Program;
