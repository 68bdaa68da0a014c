// Loyalty: points, rewards, greetings, activities, referrals, households, and what it all comes to. Each folder's Slices.cs says what is in
// it.
using CrmPlatform.Loyalty;
using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Points;
using CrmPlatform.Loyalty.Referrals;
using CrmPlatform.Loyalty.Rewards;

var service = CrmService.Create("loyalty", args);
service.Services.AddValidation();
service.Settings<LoyaltyRules>("Loyalty", rules => rules.Fault());
service.Services.AddOptions<LoyaltyRules>().PostConfigure<Business>((rules, business) => rules.Business = business);
service.Settings<RewardRules>("Loyalty");
service.Settings<CarePlan, LoyaltyRules>("Care", (plan, rules) => plan.Fault(rules.TierNames));
service.Settings<ReferralRules>("Referrals");
service.Settings<HouseholdRules>("Households");
service.Services.AddSingleton<CareCalendar>();

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
    CrmPlatform.Loyalty.PersonalData.Slices.Map(app);
});

public partial class Program;
