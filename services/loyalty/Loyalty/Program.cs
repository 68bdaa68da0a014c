// Loyalty: a points account per customer, lot by lot, and the tier that it makes.
using CrmPlatform.Loyalty;
using CrmPlatform.Loyalty.Activities;
using CrmPlatform.Loyalty.Care;
using Care = CrmPlatform.Loyalty.Care;
using OnCustomerForgotten = CrmPlatform.Loyalty.Accounts.OnCustomerForgotten;
using OnCustomerRegistered = CrmPlatform.Loyalty.Accounts.OnCustomerRegistered;
using OnPurchaseRecorded = CrmPlatform.Loyalty.Accounts.OnPurchaseRecorded;

var service = CrmService.Create("loyalty", args);
service.Services.AddValidation();
service.Services.AddOptions<LoyaltyRules>().BindConfiguration("Loyalty").PostConfigure<Business>((rules, business) => rules.Business = business)
    .Validate(rules => rules.Fault() is null, "Loyalty: the rules do not hold together").ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<Microsoft.Extensions.Options.IOptions<LoyaltyRules>>().Value);

service.Services.AddOptions<CarePlan>().BindConfiguration("Care").Validate<LoyaltyRules>((plan, rules) => plan.Fault([.. rules.Tiers.Select(t => t.Name)]) is null, "Care: the plan does not hold together").ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<Microsoft.Extensions.Options.IOptions<CarePlan>>().Value).AddSingleton<CareCalendar>();

service.KeepsPersonalData();
service.Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", snapshots: 2);
service.Aggregate<CustomerCare, ICareEvent>("care");
service.Aggregate<Activity, IActivityEvent>("activity");
service.Inline<LedgerView>();
service.Inline<CareNextView>();
service.Inline<Participants>();
service.Async<StatementView>();
service.Feed(LoyaltyFeed.Translate);
service.Subscribe<CareMetrics>();
service.Due<PassTime>();
service.Due<DecideCare>();
service.Due<RemoveForgotten>();

service.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
service.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
service.On<Contracts.PurchaseReturned, OnPurchaseReturned>();
service.On<Contracts.SurveyAnswered, OnSurveyAnswered>();
service.On<Contracts.CustomerForgotten, OnCustomerForgotten>();

service.On<Contracts.CustomerRegistered, Care.OnCustomerRegistered>();
service.On<Contracts.PurchaseRecorded, Care.OnPurchaseRecorded>();
service.On<Contracts.BirthdayNoted, OnBirthdayNoted>();
service.On<Contracts.ProfileChanged, OnProfileChanged>();
service.On<Contracts.ConsentChanged, OnConsentChanged>();
service.On<Contracts.TicketOpened, OnTicketOpened>();
service.On<Contracts.TicketResolved, OnTicketResolved>();
service.On<Contracts.TicketReopened, OnTicketReopened>();
service.On<Contracts.TicketClosed, OnTicketClosed>();
service.On<Contracts.CustomerForgotten, Care.OnCustomerForgotten>();

await service.Run(app =>
{
    RedeemPoints.Map(app);
    CancelRedemption.Map(app);
    UnlockPoints.Map(app);
    RewardAction.Map(app);
    AdjustPoints.Map(app);
    GetAdjustments.Map(app);
    GetAccounts.Map(app);
    GetAccount.Map(app);
    GetStatement.Map(app);
    GetRedemption.Map(app);
    GetSummary.Map(app);
    GetPersonalData.Map(app);
    GetCarePlan.Map(app);
    GetCareHistory.Map(app);
    GetUpcomingCare.Map(app);
    PlanActivity.Map(app);
    CancelActivity.Map(app);
    JoinActivity.Map(app);
    WithdrawFromActivity.Map(app);
    CheckIn.Map(app);
    GetActivities.Map(app);
    GetMembers.Map(app);
});

public partial class Program;
