namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Consent per purpose and channel, with the version of the notice that was shown. Withdrawing is the same call as giving (PIPL article
/// 15). Consent given again for another notice is recorded, and so is the refusal of what was never given.
/// </summary>
/// <param name="Purpose">What the data may be used for, in the business's words: <c>marketing</c>.</param>
/// <param name="Channel">The channel that it is about: <c>email</c>, <c>sms</c>.</param>
/// <param name="Granted">True gives consent, false withdraws or refuses it.</param>
/// <param name="NoticeVersion">Version of the privacy notice that was shown: <c>2026-01</c>.</param>
public sealed record ChangeConsent(
    [property: Required, StringLength(60, MinimumLength = 1)] string Purpose,
    [property: Required, StringLength(30, MinimumLength = 1)] string Channel,
    bool Granted,
    [property: Required, StringLength(30, MinimumLength = 1)] string NoticeVersion
)
{
    public ICustomerEvent[] Decide(Customer customer, DateTimeOffset now) =>
        customer.Known().Consent(Purpose, Channel) == new Consented(Granted, NoticeVersion) ? []
        : Granted ? [new ConsentGiven(Purpose, Channel, NoticeVersion, now)]
        : [new ConsentWithdrawn(Purpose, Channel, NoticeVersion, now)];

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
