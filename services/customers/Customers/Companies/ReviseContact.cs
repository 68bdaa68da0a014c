namespace CrmPlatform.Customers.Companies;

/// <summary>Who a contact is and where in the company, as it is from now on; what is left out is removed.</summary>
/// <param name="Card">Who the contact is; of a customer a title only.</param>
/// <param name="Department">The part of the company, as a word without names: <c>Purchasing</c>.</param>
public sealed record ReviseContact(ContactCard? Card = null, [property: Label(60)] string? Department = null)
{
    public ICompanyContactEvent[] Decide(CompanyContact contact, Guid id, DateTimeOffset now, string region)
    {
        var card = (Card ?? new()).Stored(region);
        if (contact.Present(id).PersonId is not null && (card.Name is not null || card.Contacts is { Count: > 0 }))
            throw new RuleViolationException("person-is-reference", "The profile of the person says who it is: give a title only.", "card");
        return contact.Department == Department && card.Says(contact.Card)
            ? []
            : [new ContactRevised(Department, Personal.Of(id, card), now)];
    }

    public static void Map(CrmService room) =>
        room.MapPut(
                "contacts/{id:guid}",
                "Revise a contact of a company",
                "customers.companies.write",
                async (Guid id, ReviseContact command, Request request, EventStore store, Business business) =>
                    request.Done(
                        await store.Write(request, CompanyContact.Of(id), c => command.Decide(c, id, request.Now, business.Region))
                    )
            )
            .Refuses("contact-left", "person-is-reference", "invalid-contact");
}
