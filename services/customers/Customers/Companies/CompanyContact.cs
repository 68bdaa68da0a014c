using System.Collections.Immutable;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Companies;

/// <summary>
/// Somebody in a company: a person who may be a customer too, and may be in several companies. Each contact has a key of its own, so that
/// one is forgotten without the company.
/// </summary>
/// <param name="CompanyId">Null if there is no such contact.</param>
/// <param name="PersonId">The individual customer that the contact is.</param>
/// <param name="In">When the contact was in the company, in the order of time.</param>
/// <param name="Roles">What the contact had to say when, in the order in which it was recorded.</param>
public sealed record CompanyContact(
    Guid? CompanyId,
    Guid? PersonId,
    string? Department,
    ContactCard? Card,
    ImmutableList<ContactSpan> In,
    ImmutableList<RoleSpan> Roles,
    bool Forgotten
) : IAggregate<CompanyContact, ICompanyContactEvent>
{
    public static CompanyContact Initial { get; } = new(null, null, null, null, [], [], false);

    public static Stream<CompanyContact, ICompanyContactEvent> Of(Guid id) => new(id);

    public CompanyContact Evolve(ICompanyContactEvent @event) =>
        @event switch
        {
            ContactAdded e => this with
            {
                CompanyId = e.CompanyId,
                PersonId = e.PersonId,
                Department = e.Department,
                Card = e.Personal.Value,
                In = [new(e.From, null)],
            },
            ContactRevised e => this with { Department = e.Department, Card = e.Personal.Value },
            ContactLeft e => this with { In = In.SetItem(In.Count - 1, In[^1] with { Until = e.At }) },
            ContactReturned e => this with { In = In.Add(new(e.At, null)) },
            RoleGiven e => this with { Roles = Roles.Add(new(e.Role, e.Scope, e.Strength, e.From, null)) },
            RoleEnded e => this with { Roles = Ended(e) },
            ContactForgotten => this with { Forgotten = true, Card = null },
            _ => this,
        };

    /// <exception cref="NotFoundException">There is no such contact, or it was forgotten.</exception>
    public CompanyContact Known(Guid id) => CompanyId is null || Forgotten ? throw new NotFoundException("contact", id) : this;

    /// <exception cref="RuleViolationException"><c>contact-left</c>.</exception>
    public CompanyContact Present(Guid id) =>
        Known(id).In[^1].Until is null
            ? this
            : throw new RuleViolationException("contact-left", "This contact has left the company; let it return first.", "id");

    /// <summary>The role that nothing ends yet.</summary>
    public RoleSpan? Open(BuyingRole role, string scope) => Roles.LastOrDefault(r => r.Role == role && r.Scope == scope && r.Until is null);

    ImmutableList<RoleSpan> Ended(RoleEnded e) =>
        [
            .. Roles.Select(r =>
                r.Role == e.Role && r.Scope == e.Scope && !(r.Until <= e.Until) ? r with { Until = r.From > e.Until ? r.From : e.Until } : r
            ),
        ];
}

/// <summary>What a contact has to say in a purchase.</summary>
public enum BuyingRole
{
    Decider,
    Approver,
    Champion,
    Influencer,
    User,
    Gatekeeper,
    Blocker,
}

/// <summary>Who the contact is; nothing of it where the contact is a customer, whose profile says it.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Title">What they are in the company: <c>采购经理</c>.</param>
/// <param name="Contacts">How to reach them.</param>
public sealed record ContactCard(
    [property: StringLength(200)] string? Name = null,
    [property: StringLength(80)] string? Title = null,
    [property: MaxLength(20)] IReadOnlyList<Contact>? Contacts = null
)
{
    /// <summary>The same with its text trimmed and its contacts as they are stored.</summary>
    /// <param name="region">The business's region, in which a phone without country code is.</param>
    public ContactCard Stored(string region) =>
        new(
            Trimmed(Name),
            Trimmed(Title),
            [.. (Contacts ?? []).Select((c, i) => Unverified(ContactKeys.Stored(c, region, $"card.contacts[{i}].value"))).Distinct()]
        );

    static Contact Unverified(Contact contact) =>
        contact.VerifiedAt is null
            ? contact
            : throw new RuleViolationException(
                "invalid-contact",
                "Of a contact of a company it is not kept when it was verified.",
                "card.contacts"
            );

    /// <summary>Whether both say the same.</summary>
    public bool Says(ContactCard? other) =>
        other is not null && (Name, Title) == (other.Name, other.Title) && (Contacts ?? []).SequenceEqual(other.Contacts ?? []);

    static string? Trimmed(string? text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}

/// <summary>A time in a company.</summary>
public sealed record ContactSpan(DateTimeOffset From, DateTimeOffset? Until);

/// <summary>A role for a time.</summary>
public sealed record RoleSpan(BuyingRole Role, string Scope, int Strength, DateTimeOffset From, DateTimeOffset? Until);
