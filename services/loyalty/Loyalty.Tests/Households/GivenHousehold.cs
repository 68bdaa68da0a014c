using CrmPlatform.Loyalty.Households;

namespace CrmPlatform.Loyalty.Tests.Households;

static class GivenHousehold
{
    public static readonly Guid Id = Given.Id(900);
    public static readonly Guid Ann = Given.Id(1),
        Bob = Given.Id(2),
        Cem = Given.Id(3);

    public static readonly LoyaltyAccount Open = Given.Account(new AccountOpened("Bronze", Given.Day(-1)));

    /// <summary>No limits, but those that a test asks about.</summary>
    public static HouseholdRules Free() =>
        new()
        {
            MostPerTransfer = 1_000_000,
            MostPerDay = 1_000_000,
            MostPerMonth = 1_000_000,
            MinDaysInHousehold = 0,
            MinAgeDays = 0,
        };

    public static Household Of(params Guid[] members) =>
        Household.Initial.After([
            new HouseholdFounded(members[0], Given.Day(0)),
            .. members[1..].Select(m => new HouseholdMemberEntered(m, Given.Day(0))),
        ]);

    public static Belonging Since(int day) => new() { HouseholdId = Id, Since = Given.Day(day) };

    public static TransferPoints.Decision Transfer(
        long points,
        LoyaltyAccount from,
        LoyaltyAccount? to = null,
        HouseholdRules? limits = null,
        LoyaltyRules? rules = null,
        DateTimeOffset? now = null,
        Guid? id = null
    ) =>
        new TransferPoints(points, Bob).Decide(
            id ?? Given.Id(800),
            Ann,
            from,
            Since(0),
            to ?? Open,
            Since(0),
            limits ?? Free(),
            rules ?? Given.Rules(),
            now ?? Given.Day(40)
        );
}
