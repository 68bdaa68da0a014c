using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>The tags of one customer and those with whom it is one, now or at another moment.</summary>
/// <param name="AsOf">The moment.</param>
/// <param name="Present">The tags that are on the customer, in the order in which they were given; none once the customer is
/// forgotten.</param>
/// <param name="Suppressed">Tags that a person took away: rules and inferences do not put them back until a person allows it.</param>
public sealed record GetCustomerTags(
    Guid CustomerId,
    DateTimeOffset AsOf,
    IReadOnlyList<PresentTag> Present,
    IReadOnlyList<string> Suppressed
)
{
    /// <summary>What the facts of a customer say of an instant.</summary>
    /// <param name="facts">Those of the customer's stream, in its order.</param>
    /// <param name="asOf">Only what had happened by then; null for all.</param>
    public static HeldTags Fold(IEnumerable<object> facts, DateTimeOffset? asOf) =>
        facts.Where(f => f is CustomerForgotten || !(CustomerProfile.At(f) > asOf)).Aggregate(HeldTags.None, (held, f) => held.Evolve(f));

    public static void Map(CrmService room) =>
        room.MapGet(
                "{id:guid}/tags",
                "A customer's tags with their origins, now or at another moment",
                "customers.read",
                async (
                    Guid id,
                    string? asOf,
                    EventStore store,
                    KnownGroups groups,
                    KnownTags known,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var then = business.Moment("asOf", asOf);
                    var at = then ?? clock.GetUtcNow();
                    var (present, suppressed) = (new List<PresentTag>(), new List<string>());
                    foreach (var member in await groups.MembersOf(id, ct))
                    {
                        if (await store.FetchStream(member, ct: ct) is not [{ Data: CustomerRegistered }, ..] events)
                            return Answer.NotFound("customer", id);
                        var held = Fold(events.Select(e => e.Data), then);
                        var joins = await known.JoinsOf(held.All.Keys, ct);
                        present.AddRange(held.At(at, joins));
                        suppressed.AddRange(held.Suppressed(at, joins));
                    }
                    return Results.Ok(new GetCustomerTags(id, at, HeldTags.Together(present), [.. suppressed.Distinct()]));
                }
            )
            .Produces<GetCustomerTags>();
}
