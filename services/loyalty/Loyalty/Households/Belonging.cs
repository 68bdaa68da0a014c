using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Households;

/// <summary>In which household a member is: at most one.</summary>
public interface IBelongingEvent;

public sealed record BelongingBegan(Guid CustomerId, Guid HouseholdId, DateTimeOffset OccurredAt) : IBelongingEvent;

public sealed record BelongingEnded(Guid CustomerId, Guid HouseholdId, DateTimeOffset OccurredAt) : IBelongingEvent;

/// <summary>A member's household, and since when.</summary>
public sealed record Belonging : IAggregate<Belonging, IBelongingEvent>
{
    public static Belonging Initial { get; } = new();

    public static Guid IdOf(Guid customer) => NameId.For("household-member", customer.ToString());

    public static Stream<Belonging, IBelongingEvent> Of(Guid customerId) => new(IdOf(customerId));

    public Guid? HouseholdId { get; init; }
    public DateTimeOffset Since { get; init; }

    public Belonging Evolve(IBelongingEvent @event) =>
        @event switch
        {
            BelongingBegan e => new() { HouseholdId = e.HouseholdId, Since = e.OccurredAt },
            BelongingEnded => Initial,
            _ => this,
        };

    /// <summary>
    /// A decision about one member of a household: the household, where the member belongs, and the account, which is only asked.
    /// </summary>
    public static Write Write(Guid household, Guid customer, Func<Household, Belonging, LoyaltyAccount, IHouseholdEvent[]> decide)
    {
        // One stream cannot be both; found out here, it is a 404 and not a broken transaction.
        if (household == customer)
            throw new NotFoundException("household", household);
        return EventSourcing.Write.To(
            Household.Of(household),
            Of(customer),
            LoyaltyAccount.Of(customer),
            (all, one, account) =>
            {
                var decided = decide(all.State, one.State, account.State);
                all.Append(decided);
                foreach (var e in decided)
                    if (e is HouseholdFounded or HouseholdMemberEntered)
                        one.Append(new BelongingBegan(customer, household, e.OccurredAt));
                    else if (e is HouseholdMemberLeft)
                        one.Append(new BelongingEnded(customer, household, e.OccurredAt));
            }
        );
    }
}
