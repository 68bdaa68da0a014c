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

    public Guid? HouseholdId { get; init; }
    public DateTimeOffset Since { get; init; }

    public Belonging Evolve(IBelongingEvent @event) => @event switch
    {
        BelongingBegan e => new() { HouseholdId = e.HouseholdId, Since = e.OccurredAt },
        BelongingEnded => Initial,
        _ => this,
    };

    /// <summary>A decision about one member of a household: the household, where the member belongs, and the account, which is only asked.</summary>
    public static IReadOnlyList<Write> Writes(Guid household, Guid customer, Func<Household, Belonging, LoyaltyAccount, IHouseholdEvent[]> decide)
    {
        // One stream cannot be both; found out here, it is a 404 and not a broken transaction.
        if (household == customer) throw new NotFoundException("household", household);
        var (account, belonging, decided) = (LoyaltyAccount.Initial, Initial, Array.Empty<IHouseholdEvent>());
        return
        [
            // First, since an idempotency key is kept for the stream of the first write.
            EventSourcing.Write.To(household, (Household _) => Array.Empty<IHouseholdEvent>()),
            EventSourcing.Write.To(customer, (LoyaltyAccount a) =>
            {
                account = a;
                return Array.Empty<IAccountEvent>();
            }),
            EventSourcing.Write.To(IdOf(customer), (Belonging b) =>
            {
                belonging = b;
                return Array.Empty<IBelongingEvent>();
            }),
            EventSourcing.Write.To(household, (Household h) => decided = decide(h, belonging, account)),
            EventSourcing.Write.To(IdOf(customer), (Belonging _) => decided.Select(fact => fact switch
            {
                HouseholdFounded or HouseholdMemberEntered => (IBelongingEvent)new BelongingBegan(customer, household, fact.OccurredAt),
                HouseholdMemberLeft => new BelongingEnded(customer, household, fact.OccurredAt),
                _ => null!,
            }).Where(fact => fact is not null).ToArray()),
        ];
    }

    public static async Task<WriteResult> Write(EventStore store, Guid household, Guid customer, Func<Household, Belonging, LoyaltyAccount, IHouseholdEvent[]> decide, CancellationToken ct)
        => (await store.WriteToAggregates(Writes(household, customer, decide), ct: ct))[3];
}
