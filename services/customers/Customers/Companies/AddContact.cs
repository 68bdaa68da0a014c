using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Companies;

/// <summary>Somebody in a company becomes known. Source and reference make it idempotent.</summary>
/// <param name="Source">The system that the contact comes from; with the reference.</param>
/// <param name="Reference">The contact's number there.</param>
/// <param name="PersonId">The individual customer that the contact is; then the profile says who it is, and the card holds a title
/// only.</param>
/// <param name="Basis">Why the person's data may be used, needed with <c>personId</c>: <c>consent</c> (for the purpose
/// <c>business-contact</c>) or <c>contract</c>.</param>
/// <param name="Card">Who the contact is.</param>
/// <param name="Department">The part of the company, as a word without names: <c>Purchasing</c>.</param>
/// <param name="From">Since when the contact is in the company: now if left out.</param>
public sealed record AddContact(
    [property: KeyText(60)] string? Source = null,
    [property: KeyText(120)] string? Reference = null,
    Guid? PersonId = null,
    [property: OneOf(null, "consent", "contract")] string? Basis = null,
    ContactCard? Card = null,
    [property: Label(60)] string? Department = null,
    DateTimeOffset? From = null
)
{
    /// <summary>The purpose of a consent that lets a customer be a company's contact.</summary>
    public const string Purpose = "business-contact";

    public Guid IdOr(Guid company, Guid made) =>
        (Source, Reference) switch
        {
            ({ } source, { } reference) => NameId.For("company-contact", company.ToString(), Keys.Normal(source), Keys.Normal(reference)),
            (null, null) => made,
            _ => throw new BadRequestException("reference", "given together with source, or neither"),
        };

    /// <exception cref="DuplicateException"><c>contact-known</c>: the reference is known, and this says something else.</exception>
    public ICompanyContactEvent[] Decide(
        CompanyContact contact,
        Guid id,
        (Guid Id, Customer State) company,
        Customer? person,
        DateTimeOffset now,
        string region
    )
    {
        if (company.State.Known("id").Kind != CustomerKind.Enterprise)
            throw new RuleViolationException("enterprise-only", "Only a company has contacts.", "id");
        if (person is not null && person.Known("personId").Kind != CustomerKind.Individual)
            throw new RuleViolationException("person-without-basis", "A contact is a person: an individual customer.", "personId");
        if (person is not null && !HasBasis(person))
            throw new RuleViolationException(
                "person-without-basis",
                $"A customer is a contact by contract, or with consent for the purpose {Purpose}.",
                "basis"
            );
        if (person is not null && Card is ({ Name: not null } or { Contacts.Count: > 0 }))
            throw new RuleViolationException("person-is-reference", "The profile of the person says who it is: give a title only.", "card");
        var card = (Card ?? new()).Stored(region);
        if (contact.Forgotten)
            throw new RuleViolationException("customer-forgotten", "This contact was forgotten.", "reference");
        if (contact.CompanyId is null)
            return
            [
                new ContactAdded(
                    CompanyId: company.Id,
                    PersonId: PersonId,
                    Basis: PersonId is null ? null : Basis,
                    Source: Source,
                    Reference: Reference,
                    Department: Department,
                    Personal: Personal.Of(id, card),
                    From: (From ?? now).ToUniversalTime(),
                    OccurredAt: now
                ),
            ];
        return contact.PersonId == PersonId && contact.Department == Department && card.Says(contact.Card)
            ? []
            : throw new DuplicateException(
                "contact-known",
                $"Contact {id} has this reference and differs. To change it, PUT /api/customers/contacts/{id}.",
                "reference"
            );
    }

    bool HasBasis(Customer person) =>
        Basis == "contract"
        || (Basis == "consent" && person.Consents.Any(c => c.Value.Granted && c.Key.StartsWith(Purpose + "/", StringComparison.Ordinal)));

    public static void Map(CrmService room) =>
        room.MapPost(
                "companies/{id:guid}/contacts",
                "Add a contact to a company",
                "customers.companies.write",
                async (Guid id, AddContact command, Request request, EventStore store, Business business) =>
                {
                    var contact = command.IdOr(id, request.NewId);
                    request.Creates(contact, done => done.Events.Count > 0 ? $"/api/customers/contacts/{contact}" : null);
                    Guid[] customers = command.PersonId is { } person ? [id, person] : [id];
                    return request.Done(
                        await store.Write(
                            request,
                            Write.To(
                                CompanyContact.Of(contact),
                                [.. customers.Select(Customer.Of)],
                                (about, known) =>
                                    about.Append(
                                        command.Decide(
                                            about.State,
                                            contact,
                                            (id, known[0].State),
                                            known.Count > 1 ? known[1].State : null,
                                            request.Now,
                                            business.Region
                                        )
                                    )
                            )
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses(
                "customer-unknown",
                "customer-forgotten",
                "enterprise-only",
                "person-without-basis",
                "person-is-reference",
                "invalid-contact"
            )
            .Duplicates("contact-known");
}
