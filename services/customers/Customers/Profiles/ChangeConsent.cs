namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Consent per purpose and channel, with the version of the notice that was shown. Withdrawing is the same call as giving (PIPL article
/// 15).
/// </summary>
public sealed record ChangeConsent(
    [property: Required, StringLength(60, MinimumLength = 1)] string Purpose,
    [property: Required, StringLength(30, MinimumLength = 1)] string Channel,
    bool Granted,
    [property: Required, StringLength(30, MinimumLength = 1)] string NoticeVersion
)
{
    public ICustomerEvent[] Decide(Customer customer, DateTimeOffset now) =>
        (customer.Known().Consented(Purpose, Channel), Granted) switch
        {
            (false, true) => [new ConsentGiven(Purpose, Channel, NoticeVersion, now)],
            (true, false) => [new ConsentWithdrawn(Purpose, Channel, NoticeVersion, now)],
            _ => [],
        };

    public static void Map(CrmService room) =>
        room.MapPost(
                "{id:guid}/consents",
                "Give or withdraw consent",
                "customers.write",
                async (Guid id, ChangeConsent command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Customer.Of(id), c => command.Decide(c, request.Now)))
            )
            .Refuses("customer-unknown", "customer-forgotten");
}
