// Loyalty: points, rewards, greetings, activities, referrals, households, and what it all comes to. Each folder's Slices.cs says what is in it.
using CrmPlatform.Loyalty;
using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Referrals;
using Microsoft.Extensions.Options;

var service = CrmService.Create("loyalty", args);
service.Services.AddValidation();
service.Services.AddOptions<LoyaltyRules>().BindConfiguration("Loyalty").PostConfigure<Business>((rules, business) => rules.Business = business)
    .Validate(rules => rules.Fault() is null, "Loyalty: the rules do not hold together").ValidateOnStart();
service.Services.AddOptions<RewardRules>().BindConfiguration("Loyalty").Validate(rules => rules.IsValid(), "Loyalty: a reservation lasts, and the clock looks, for some time").ValidateOnStart();
service.Services.AddOptions<CarePlan>().BindConfiguration("Care").Validate<LoyaltyRules>((plan, rules) => plan.Fault(rules.TierNames) is null, "Care: the plan does not hold together").ValidateOnStart();
service.Services.AddOptions<ReferralRules>().BindConfiguration("Referrals").Validate(rules => rules.IsValid(), "Referrals: the rules do not hold together").ValidateOnStart();
service.Services.AddOptions<HouseholdRules>().BindConfiguration("Households").Validate(rules => rules.IsValid(), "Households: the limits do not hold together").ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<IOptions<LoyaltyRules>>().Value)
    .AddSingleton(s => s.GetRequiredService<IOptions<RewardRules>>().Value)
    .AddSingleton(s => s.GetRequiredService<IOptions<ReferralRules>>().Value)
    .AddSingleton(s => s.GetRequiredService<IOptions<HouseholdRules>>().Value)
    .AddSingleton(s => s.GetRequiredService<IOptions<CarePlan>>().Value).AddSingleton<CareCalendar>();

service.KeepsPersonalData();
service.Feed(LoyaltyFeed.Translate);

CrmPlatform.Loyalty.Accounts.Slices.Add(service);
CrmPlatform.Loyalty.Tiers.Slices.Add(service);
CrmPlatform.Loyalty.Programme.Slices.Add(service);
CrmPlatform.Loyalty.Rewards.Slices.Add(service);
CrmPlatform.Loyalty.Care.Slices.Add(service);
CrmPlatform.Loyalty.Activities.Slices.Add(service);
CrmPlatform.Loyalty.Referrals.Slices.Add(service);
CrmPlatform.Loyalty.Households.Slices.Add(service);
CrmPlatform.Loyalty.Measures.Slices.Add(service);

await service.Run(app =>
{
    CrmPlatform.Loyalty.Accounts.Slices.Map(app);
    CrmPlatform.Loyalty.Tiers.Slices.Map(app);
    CrmPlatform.Loyalty.Programme.Slices.Map(app);
    CrmPlatform.Loyalty.Rewards.Slices.Map(app);
    CrmPlatform.Loyalty.Care.Slices.Map(app);
    CrmPlatform.Loyalty.Activities.Slices.Map(app);
    CrmPlatform.Loyalty.Imports.Slices.Map(app);
    CrmPlatform.Loyalty.Exports.Slices.Map(app);
    CrmPlatform.Loyalty.Referrals.Slices.Map(app);
    CrmPlatform.Loyalty.Households.Slices.Map(app);
    CrmPlatform.Loyalty.Measures.Slices.Map(app);
});

public partial class Program;
