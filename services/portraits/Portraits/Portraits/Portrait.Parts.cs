using CrmPlatform.Portraits.Profiles;

namespace CrmPlatform.Portraits.Portraits;

public sealed partial record Portrait
{
    /// <summary>What the timeline knows of the person, and, where the profile is shown, what that says.</summary>
    /// <param name="Name">Null unless the profile is shown.</param>
    /// <param name="Gender"><c>female</c>, <c>male</c>, <c>other</c> or <c>undisclosed</c>; null unless the profile is shown.</param>
    /// <param name="AgeBand">Such as <c>25-34</c>; null unless the profile is shown.</param>
    /// <param name="IncomeBand">Null unless the profile is shown.</param>
    /// <param name="HouseholdSize">How many people live in the household; null unless the profile is shown.</param>
    /// <param name="Province">Province or state; null unless the profile is shown.</param>
    /// <param name="City">Null unless the profile is shown.</param>
    /// <param name="Language">A BCP 47 tag: <c>zh-CN</c>; null unless the profile is shown.</param>
    /// <param name="Industry">Of a company; null unless the profile is shown.</param>
    /// <param name="CompanySize">Such as <c>500-999</c> employees; null unless the profile is shown.</param>
    /// <param name="Contacts">How to reach them; null unless the profile is shown.</param>
    /// <param name="ContactPersons">Who speaks for a company; null unless the profile is shown.</param>
    /// <param name="Psychographics">What they care for; null unless the profile is shown.</param>
    /// <param name="Tags">The customer's tags, each with its origin; null unless the profile is shown.</param>
    /// <param name="Consents">What was decided last, by purpose and channel: <c>marketing/email</c>.</param>
    /// <param name="RegisteredAt">When the customer became known.</param>
    public sealed record BasicsPart(
        Sourced<string>? Name,
        Sourced<string>? Gender,
        Sourced<string>? AgeBand,
        Sourced<string>? IncomeBand,
        Sourced<int>? HouseholdSize,
        Sourced<string>? Province,
        Sourced<string>? City,
        Sourced<string>? Language,
        Sourced<string>? Industry,
        Sourced<string>? CompanySize,
        IReadOnlyList<Contact>? Contacts,
        IReadOnlyList<ContactPerson>? ContactPersons,
        Psychographics? Psychographics,
        IReadOnlyList<CustomerTag>? Tags,
        IReadOnlyDictionary<string, Sourced<bool>> Consents,
        DateTimeOffset? RegisteredAt
    );

    /// <summary>A part of the whole.</summary>
    /// <param name="Name">The channel or category.</param>
    /// <param name="Value">Net of returns: purchases that were not wholly returned, or their amount in the base currency.</param>
    /// <param name="Percent">Of what is above zero, with two decimals; they add up to exactly 100.</param>
    public sealed record Share(string Name, decimal Value, decimal Percent);

    /// <summary>What they buy and do.</summary>
    /// <param name="Purchases">Purchases that were made.</param>
    /// <param name="NetOrders">Purchases less those that were wholly returned.</param>
    /// <param name="NetRevenue">What was paid less what was given back, in the base currency.</param>
    /// <param name="Currency">The base currency, ISO 4217; null before the first purchase.</param>
    /// <param name="AverageOrder">Net revenue per net order, with two decimals; null without net orders.</param>
    /// <param name="FirstPurchase">When they bought first.</param>
    /// <param name="LastPurchase">When they bought last.</param>
    /// <param name="Channels">Net orders by the channel where they were bought, most first.</param>
    /// <param name="Categories">Net revenue by category, most first.</param>
    /// <param name="PageViews">Pages that were viewed.</param>
    /// <param name="Interactions">Conversations with the customer.</param>
    /// <param name="BestContactHour">Hour of the business's day in which most contacts were answered; null below 5 answered
    /// contacts.</param>
    public sealed record BehaviourPart(
        Sourced<int>? Purchases,
        Sourced<int>? NetOrders,
        Sourced<decimal>? NetRevenue,
        string? Currency,
        decimal? AverageOrder,
        Sourced<DateTimeOffset>? FirstPurchase,
        Sourced<DateTimeOffset>? LastPurchase,
        IReadOnlyList<Share> Channels,
        IReadOnlyList<Share> Categories,
        Sourced<int>? PageViews,
        Sourced<int>? Interactions,
        int? BestContactHour
    );

    /// <summary>What they are worth to the company.</summary>
    /// <param name="Rfm">RFM scores; null without any, and when they are void.</param>
    /// <param name="Abc">ABC class: <c>A</c>, <c>B</c> or <c>C</c>.</param>
    /// <param name="Lifecycle">Lifecycle stage: <c>Active</c>.</param>
    /// <param name="Segments">The segments that they are in, by name.</param>
    public sealed record ValuePart(
        Sourced<Rfm>? Rfm,
        Sourced<string>? Abc,
        Sourced<string>? Lifecycle,
        IReadOnlyDictionary<string, Sourced<bool>> Segments
    );

    /// <summary>Their tickets.</summary>
    /// <param name="Tickets">Tickets that were opened.</param>
    /// <param name="OpenTickets">How many of them are open or wait for the customer.</param>
    /// <param name="Breaches">Service promises that were broken, without those that were excused.</param>
    /// <param name="LastSatisfaction">The last answer about a solution, 1 to 5.</param>
    /// <param name="MeanSatisfaction">Mean of all answers, 1 to 5 with two decimals; null without answers.</param>
    /// <param name="SatisfactionAnswers">How many answers there are.</param>
    public sealed record ServicePart(
        Sourced<int>? Tickets,
        int OpenTickets,
        Sourced<int>? Breaches,
        Sourced<int>? LastSatisfaction,
        decimal? MeanSatisfaction,
        int SatisfactionAnswers
    );

    /// <summary>Their points and tier.</summary>
    /// <param name="Points">Balance of the account, pending points included.</param>
    /// <param name="PointsEarned">Points that were ever earned or awarded.</param>
    /// <param name="Tier">Tier: <c>Gold</c>.</param>
    public sealed record LoyaltyPart(Sourced<long>? Points, long PointsEarned, Sourced<string>? Tier);
}
