// Loyalty: points, rewards, greetings, activities, referrals, households, and what it all comes to. Each folder's
// Slices.cs says what is in it.
using CrmPlatform.Loyalty;
using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Households;
using CrmPlatform.Loyalty.Points;
using CrmPlatform.Loyalty.Referrals;
using CrmPlatform.Loyalty.Rewards;

var room = CrmService.Create("loyalty", args);
room.Services.AddValidation();
room.Settings<LoyaltyRules>("Loyalty", rules => rules.Fault());
room.Services.AddOptions<LoyaltyRules>().PostConfigure<Business>((rules, business) => rules.Business = business);
room.Settings<RewardRules>("Loyalty");
room.Settings<CarePlan, LoyaltyRules>("Care", (plan, rules) => plan.Fault(rules.TierNames));
room.Settings<ReferralRules>("Referrals");
room.Settings<HouseholdRules>("Households");
room.Services.AddSingleton<CareCalendar>();

room.KeepsPersonalData();
room.KnowsCustomerGroups();
room.Sends("points");
room.Feed(LoyaltyFeed.Translate);

room.Add(
    CrmPlatform.Loyalty.Accounts.Slices.In,
    CrmPlatform.Loyalty.Tiers.Slices.In,
    CrmPlatform.Loyalty.Programme.Slices.In,
    CrmPlatform.Loyalty.Rewards.Slices.In,
    CrmPlatform.Loyalty.Care.Slices.In,
    CrmPlatform.Loyalty.Activities.Slices.In,
    CrmPlatform.Loyalty.Referrals.Slices.In,
    CrmPlatform.Loyalty.Households.Slices.In,
    CrmPlatform.Loyalty.Measures.Slices.In,
    CrmPlatform.Loyalty.Imports.Slices.In,
    CrmPlatform.Loyalty.Exports.Slices.In,
    CrmPlatform.Loyalty.PersonalData.Slices.In
);

await room.Run();

public partial class Program;
