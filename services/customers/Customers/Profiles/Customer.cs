using System.Collections.Immutable;
using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Sources;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>A person or a company that the platform knows, and what it may do with their data.</summary>
public sealed record Customer(
    bool Exists,
    CustomerKind Kind,
    bool Forgotten,
    IReadOnlyList<ExternalId> ExternalIds,
    HeldTags Tags,
    ImmutableDictionary<string, Consented> Consents,
    Birthday? Birthday = null,
    PersonalDetails? First = null,
    PersonalDetails? Details = null,
    DateTimeOffset RegisteredAt = default
) : IAggregate<Customer, ICustomerEvent>
{
    public static Customer Initial { get; } = new(false, default, false, [], HeldTags.None, ImmutableDictionary<string, Consented>.Empty);

    public static Stream<Customer, ICustomerEvent> Of(Guid id) => new(id);

    public Customer Evolve(ICustomerEvent @event) =>
        @event switch
        {
            CustomerRegistered e => this with
            {
                Exists = true,
                Kind = e.Kind,
                ExternalIds = e.ExternalIds,
                First = e.Personal?.Value,
                Details = e.Personal?.Value,
                RegisteredAt = e.OccurredAt,
                Source = e.Source,
            },
            ProfileRevised e => this with { Details = e.Personal?.Value },
            FieldVerified e => this with { Details = Details?.Verified(e) },
            FindingWaived e => this with { Waived = Waived.SetItem(e.Rule, e) },
            FindingReopened e => this with { Waived = Waived.Remove(e.Rule) },
            ExternalIdLinked e => this with { ExternalIds = [.. ExternalIds, e.ExternalId] },
            CustomerTagged e => this with
            {
                Tags = Tags.Evolve(e),
                FirstTags = e.OccurredAt == RegisteredAt ? FirstTags.Add(e.Tag) : FirstTags,
            },
            CustomerUntagged or TagExpired or TagAllowed => this with { Tags = Tags.Evolve(@event) },
            ConsentGiven e => this with
            {
                Consents = Consents.SetItem(Key(e.Purpose, e.Channel), new(true, e.NoticeVersion)),
                FirstConsents = e.OccurredAt == RegisteredAt ? FirstConsents.Add(Key(e.Purpose, e.Channel)) : FirstConsents,
            },
            ConsentWithdrawn e => this with { Consents = Consents.SetItem(Key(e.Purpose, e.Channel), new(false, e.NoticeVersion)) },
            BirthdayNoted e => this with { Birthday = e.Personal?.Value },
            ExternalIdUnlinked e => this with { ExternalIds = [.. ExternalIds.Where(x => x != e.ExternalId)] },
            RegistrationRetracted => this with { Retracted = true },
            MatchingRefused or MatchingAllowed => this with { RefusesMatching = @event is MatchingRefused },
            IGroupFact e => this with { Group = e.Links.Count == 0 ? null : new(e.SurvivorId, e.Links) },
            CustomerForgotten => this with { Forgotten = true, Birthday = null, First = null, Details = null, Tags = HeldTags.None },
            _ => this,
        };

    /// <summary>Tags and consents of the registration, with which a repeated one is compared.</summary>
    public ImmutableHashSet<string> FirstTags { get; init; } = [];

    public ImmutableHashSet<string> FirstConsents { get; init; } = [];

    /// <summary>The system that registered the customer.</summary>
    public string? Source { get; init; }

    /// <summary>What was waived, by rule.</summary>
    public ImmutableDictionary<string, FindingWaived> Waived { get; init; } = ImmutableDictionary<string, FindingWaived>.Empty;

    /// <summary>The import or source that alone told of the customer was retracted.</summary>
    public bool Retracted { get; init; }

    /// <summary>The customers with whom it is one; null if it is alone.</summary>
    public Group? Group { get; init; }

    /// <summary>The customer is not to be compared with others.</summary>
    public bool RefusesMatching { get; init; }

    public Group GroupOf(Guid id) => Group ?? Group.Alone(id);

    /// <exception cref="RetractedException">The registration was retracted: told again, it is another customer.</exception>
    public Customer Current(Guid id) => Retracted ? throw new RetractedException(NameId.For("customer", id.ToString())) : this;

    /// <summary>What was decided last; null if nothing was.</summary>
    public Consented? Consent(string purpose, string channel) => Consents.GetValueOrDefault(Key(purpose, channel));

    /// <param name="field">The field of the request that names the customer.</param>
    /// <exception cref="RuleViolationException"><c>customer-unknown</c> or <c>customer-forgotten</c>.</exception>
    public Customer Known(string field = "customerId") =>
        !Exists ? throw new RuleViolationException("customer-unknown", "There is no such customer.", field)
        : Forgotten
            ? throw new RuleViolationException(
                "customer-forgotten",
                "This customer was forgotten; nothing about the person is recorded any more.",
                field
            )
        : this;

    public static string Key(string purpose, string channel) => $"{purpose}/{channel}";
}

/// <summary>A decision about consent, and the version of the notice that was shown.</summary>
public sealed record Consented(bool Granted, string NoticeVersion);

public enum CustomerKind
{
    Individual,
    Enterprise,
}

public interface ICustomerEvent;

public sealed record CustomerRegistered(
    CustomerKind Kind,
    string? Source,
    IReadOnlyList<ExternalId> ExternalIds,
    Personal<PersonalDetails>? Personal,
    DateTimeOffset OccurredAt
) : IQualityFact, IHasPersonal, IRetractable
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <param name="Correction">Why one field was corrected; null if the whole profile was replaced.</param>
public sealed record ProfileRevised(
    CustomerKind Kind,
    Personal<PersonalDetails>? Personal,
    DateTimeOffset OccurredAt,
    Correction? Correction = null
) : IQualityFact, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <summary>Month and day, in the calendar in which the person keeps it: what may leave this room of a birth date.</summary>
public sealed record Birthday(string Calendar, int Month, int Day);

/// <param name="Personal">Null when the profile has none any more.</param>
public sealed record BirthdayNoted(Personal<Birthday>? Personal, DateTimeOffset OccurredAt) : ICustomerEvent, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

/// <summary>What a registration says of the person in coarse terms: others hear it as they hear a revision.</summary>
public sealed record DemographicsNoted(CustomerKind Kind, Personal<Demographics> Personal, DateTimeOffset OccurredAt)
    : ICustomerEvent,
        IHasPersonal
{
    IPersonal IHasPersonal.PersonalPart => Personal;
}

public sealed record ExternalIdLinked(ExternalId ExternalId, DateTimeOffset OccurredAt) : ICustomerEvent, IRetractable;

/// <summary>What linked the number was retracted.</summary>
public sealed record ExternalIdUnlinked(ExternalId ExternalId, DateTimeOffset OccurredAt) : ICustomerEvent;

/// <summary>Only what was retracted told of this customer, who is forgotten with it.</summary>
public sealed record RegistrationRetracted(DateTimeOffset OccurredAt) : ICustomerEvent;

/// <param name="Until">Until before when it stays; null if it stays.</param>
/// <param name="Group">The group of the tag when it was given.</param>
public sealed record CustomerTagged(
    string Tag,
    TagOrigin Origin,
    DateTimeOffset OccurredAt,
    DateTimeOffset? Until = null,
    string? Group = null
) : ICustomerEvent;

/// <param name="Origin">Manual: a person took the whole tag away, and rules do not put it back. Another: that one is taken back. Null: all
/// are, and nothing is suppressed; so did every removal before origins were kept apart.</param>
/// <param name="ReplacedBy">The tag of the same group that took its place.</param>
public sealed record CustomerUntagged(string Tag, DateTimeOffset OccurredAt, TagOrigin? Origin = null, string? ReplacedBy = null)
    : ICustomerEvent;

/// <summary>The time of a tag of one origin was up.</summary>
public sealed record TagExpired(string Tag, TagOrigin Origin, DateTimeOffset OccurredAt) : ICustomerEvent;

/// <summary>Rules may give a tag again that a person took away.</summary>
public sealed record TagAllowed(string Tag, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record ConsentGiven(string Purpose, string Channel, string NoticeVersion, DateTimeOffset OccurredAt) : IQualityFact;

public sealed record ConsentWithdrawn(string Purpose, string Channel, string NoticeVersion, DateTimeOffset OccurredAt) : IQualityFact;

public sealed record CustomerForgotten(Guid CustomerId, DateTimeOffset OccurredAt) : IQualityFact, IErasesPerson
{
    Guid IErasesPerson.Person => CustomerId;
}
