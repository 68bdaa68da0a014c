namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Consent per purpose and channel, with the version of the notice that was shown. Withdrawing is the same call as giving (PIPL article
/// 15). Consent given again for another notice is recorded, and so is the refusal of what was never given.
/// </summary>
public sealed record ChangeConsent(
    [property: Required, Label(60)] string Purpose,
    [property: Required, Label(30)] string Channel,
    bool Granted,
    [property: Required, NoticeVersion] string NoticeVersion
)
{
    /// <exception cref="BadRequestException">Purpose or channel is no code, and there is no such consent to withdraw.</exception>
    public ICustomerEvent[] Decide(Customer customer, DateTimeOffset now)
    {
        var there = customer.Known().Consent(Purpose, Channel);
        // Earlier versions took any text. What was given under it can be withdrawn.
        if (Granted || there is null)
            foreach (
                var (field, text, code) in new[] { ("purpose", Purpose, new CodeAttribute()), ("channel", Channel, new CodeAttribute(30)) }
            )
                if (!code.IsValid(text))
                    throw new BadRequestException(field, $"a code of lower-case letters, digits and hyphens, at most {code.Length}");
        return there == new Consented(Granted, NoticeVersion) ? []
            : Granted ? [new ConsentGiven(Purpose, Channel, NoticeVersion, now)]
            : [new ConsentWithdrawn(Purpose, Channel, NoticeVersion, now)];
    }

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
