namespace CrmPlatform.Contracts;

/// <summary>A customer was registered: a person (<c>individual</c>) or a company (<c>enterprise</c>).</summary>
/// <param name="Kind"><c>individual</c> for a person, <c>enterprise</c> for a company.</param>
/// <param name="Source">The system that the customer came from; absent if it was not named.</param>
[Contract("customers")]
public sealed record CustomerRegistered(Guid CustomerId, string Kind, string? Source, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// A coarse profile of the customer, for decisions of other contexts; published at registration, if there is a profile, and at every
/// change. More detailed data never leaves the customers context, except in <c>BirthdayNoted</c>.
/// </summary>
/// <param name="Kind"><c>individual</c> for a person, <c>enterprise</c> for a company.</param>
/// <param name="AgeBand">Such as <c>25-34</c>; the bands are 0-18, 19-24, 25-34, 35-44, 45-54, 55-64 and 65+ where the birth date is
/// known.</param>
/// <param name="Gender"><c>female</c>, <c>male</c>, <c>other</c> or <c>undisclosed</c>.</param>
/// <param name="IncomeBand">In the words of the system that wrote it.</param>
/// <param name="HouseholdSize">How many people live in the household, 1 to 100.</param>
/// <param name="Province">Province or state, in the words of the system that wrote it.</param>
/// <param name="Language">The language that the customer prefers, as a BCP 47 tag: <c>zh-CN</c>.</param>
[Contract("customers", Internal = true)]
public sealed record ProfileChanged(
    Guid CustomerId,
    string Kind,
    string? AgeBand,
    string? Gender,
    string? IncomeBand,
    int? HouseholdSize,
    string? Province,
    string? Language,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>
/// Month and day of the customer's birthday, never the year; published when it changes. Calendar is <c>solar</c> or <c>lunar</c>, whichever
/// the customer uses; never both, since the two dates together would reveal the year. All three are null when the birthday was removed.
/// </summary>
/// <param name="Calendar"><c>solar</c> or <c>lunar</c>.</param>
/// <param name="Month">Month of the birthday in that calendar, 1 to 12.</param>
/// <param name="Day">Day of that month, from 1.</param>
[Contract("customers", Internal = true)]
public sealed record BirthdayNoted(Guid CustomerId, string? Calendar, int? Month, int? Day, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>Consent for one purpose on one channel was given or withdrawn (PIPL articles 13 to 16).</summary>
/// <param name="Purpose">What the data may be used for, as a word of the business: <c>marketing</c>.</param>
/// <param name="Channel">The channel that it is about: <c>email</c>, <c>sms</c>.</param>
/// <param name="Granted">True if consent was given, false if it was withdrawn or refused.</param>
/// <param name="NoticeVersion">Version of the privacy notice that was shown.</param>
[Contract("customers")]
public sealed record ConsentChanged(
    Guid CustomerId,
    string Purpose,
    string Channel,
    bool Granted,
    string NoticeVersion,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>A page was viewed. Page is a path without query string.</summary>
/// <param name="PageViewId">Id of the page view.</param>
/// <param name="Page">Path of the page without its query string: <c>/shoes</c>.</param>
/// <param name="Category">The shop's category that the page shows, if it shows one.</param>
/// <param name="Channel">Where it was viewed: <c>web</c>, <c>app</c>.</param>
[Contract("customers")]
public sealed record PageViewed(Guid CustomerId, Guid PageViewId, string Page, string? Category, string Channel, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>A conversation with the customer. Direction is <c>inbound</c> or <c>outbound</c>; Topic is a code, never free text.</summary>
/// <param name="InteractionId">Id of the interaction.</param>
/// <param name="Channel">How they spoke: <c>phone</c>, <c>wechat</c>.</param>
/// <param name="Direction"><c>inbound</c> if the customer began, <c>outbound</c> if the company did.</param>
/// <param name="Topic">What it was about, as a code.</param>
/// <param name="Answered">Whether the other side answered.</param>
[Contract("customers")]
public sealed record InteractionRecorded(
    Guid CustomerId,
    Guid InteractionId,
    string Channel,
    string Direction,
    string Topic,
    bool Answered,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>
/// The customer asked to be forgotten: every service destroys the data that identifies the person. Totals and ledgers stay.
/// </summary>
[Contract("customers")]
public sealed record CustomerForgotten(Guid CustomerId, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>From an instant on a company belongs to another one, or to none; what was told for later is dropped.</summary>
/// <param name="CustomerId">Id of the company.</param>
/// <param name="ParentId">Id of the company above it; absent if it belongs to none.</param>
/// <param name="Kind"><c>owns</c>, <c>branch</c> or <c>franchise</c>; absent if it belongs to none.</param>
/// <param name="From">From when on; may be past or to come.</param>
[Contract("customers")]
public sealed record CompanyTreeChanged(Guid CustomerId, Guid? ParentId, string? Kind, DateTimeOffset From, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>
/// What is known of a customer's group: the customers who are one person or one company. Their ids stay, and each fact is told of the one
/// that it names.
/// </summary>
public interface IGroupChange : IAboutKnownCustomer
{
    /// <summary>The member under whose id the group is shown.</summary>
    Guid SurvivorId { get; }

    /// <summary>All members, the survivor first; the customer alone where the group is one.</summary>
    IReadOnlyList<Guid> Members { get; }
}

/// <summary>Two groups of customers are one from now on. Told once of each member; the last that is told of a customer holds.</summary>
/// <param name="SurvivorId">The member under whose id the group is shown.</param>
/// <param name="Members">All members, the survivor first.</param>
/// <param name="MergeId">Id of the link that joined them.</param>
[Contract("customers")]
public sealed record CustomersMerged(Guid CustomerId, Guid SurvivorId, IReadOnlyList<Guid> Members, Guid MergeId, DateTimeOffset OccurredAt)
    : IGroupChange;

/// <summary>
/// A link was taken away: the customers are no longer one. Told once of each member; the last that is told of a customer holds.
/// </summary>
/// <param name="SurvivorId">The member under whose id the rest of the customer's group is shown; the customer's own if it is alone.</param>
/// <param name="Members">Who is left in the customer's group, the survivor first.</param>
/// <param name="MergeId">Id of the link that was taken away.</param>
[Contract("customers")]
public sealed record CustomersUnmerged(
    Guid CustomerId,
    Guid SurvivorId,
    IReadOnlyList<Guid> Members,
    Guid MergeId,
    DateTimeOffset OccurredAt
) : IGroupChange;
