// Loyalty: a points account per customer, lot by lot, and the tier that it makes.
using CrmPlatform.Loyalty;

var service = CrmService.Create("loyalty", args);
service.Services.AddValidation();
service.Services.AddOptions<LoyaltyRules>().BindConfiguration("Loyalty").Validate(rules => rules.IsValid(), "Loyalty: rules need versions and dates of their own, tiers must rise from 0").ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<Microsoft.Extensions.Options.IOptions<LoyaltyRules>>().Value);

service.Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", snapshots: 1);
service.Inline<AccountView>();
service.Async<StatementView>();
service.Feed(LoyaltyFeed.Translate);
service.Due<ExpirePoints>();

service.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
service.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
service.On<Contracts.PurchaseReturned, OnPurchaseReturned>();
service.On<Contracts.CustomerForgotten, OnCustomerForgotten>();

await service.Run(app =>
{
    RedeemPoints.Map(app);
    CancelRedemption.Map(app);
    GetAccounts.Map(app);
    GetAccount.Map(app);
    GetStatement.Map(app);
    GetRedemption.Map(app);
    GetSummary.Map(app);
    GetPersonalData.Map(app);
});

public partial class Program;
