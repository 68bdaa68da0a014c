using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Rules;

/// <summary>
/// A condition on a customer. Exactly one member is given: conditions joined together (<c>all</c>, <c>any</c>, <c>atLeast</c>, <c>not</c>),
/// or one that asks about the customer.
/// </summary>
/// <param name="All">Each of these holds.</param>
/// <param name="Any">At least one of these holds.</param>
/// <param name="AtLeast">At least so many of some conditions hold.</param>
/// <param name="Not">This does not hold. Of something unknown the opposite is unknown, too.</param>
/// <param name="Profile">What is known of the person or company.</param>
/// <param name="Consent">A consent that was given and not withdrawn.</param>
/// <param name="Purchases">What the customer bought.</param>
/// <param name="Did">What else the customer did, or what happened to them.</param>
/// <param name="OpenTickets">Tickets that are open at the moment.</param>
/// <param name="Sequence">One thing after another.</param>
/// <param name="Silence">How long ago something last was.</param>
/// <param name="Score">What this room and loyalty say of the customer at the moment.</param>
/// <param name="Segment">Code of a rule segment that the customer is in.</param>
/// <param name="Bucket">A share of all customers, by chance.</param>
public sealed record Condition(
    IReadOnlyList<Condition>? All = null,
    IReadOnlyList<Condition>? Any = null,
    SomeOf? AtLeast = null,
    Condition? Not = null,
    ProfileIs? Profile = null,
    ConsentGiven? Consent = null,
    PurchasesMade? Purchases = null,
    ThingsDone? Did = null,
    TicketsOpen? OpenTickets = null,
    OneAfterAnother? Sequence = null,
    SilenceFor? Silence = null,
    ScoreIs? Score = null,
    [property: Code(60)] string? Segment = null,
    BucketOf? Bucket = null
);

/// <summary>At least so many of several conditions hold.</summary>
/// <param name="Count">How many.</param>
/// <param name="Of">Of which.</param>
public sealed record SomeOf([property: Range(1, 50)] int Count, [property: Required] IReadOnlyList<Condition> Of);

/// <summary>Something in the coarse profile, in the words of the system that wrote it.</summary>
/// <param name="Field"><c>kind</c>, <c>ageBand</c>, <c>gender</c>, <c>incomeBand</c>, <c>householdSize</c>, <c>province</c> or
/// <c>language</c>.</param>
/// <param name="In">It is one of these words.</param>
/// <param name="AtLeast">For <c>householdSize</c>: so many or more.</param>
/// <param name="AtMost">For <c>householdSize</c>: so many or fewer.</param>
/// <param name="Missing">What holds where it is not known: <c>unknown</c> (default) or <c>no</c>.</param>
public sealed record ProfileIs(
    [property: OneOf("kind", "ageBand", "gender", "incomeBand", "householdSize", "province", "language")] string Field,
    [property: Length(1, 50)] IReadOnlyList<string>? In = null,
    [property: Range(1, 100)] int? AtLeast = null,
    [property: Range(1, 100)] int? AtMost = null,
    [property: OneOf(null, "unknown", "no")] string? Missing = null
);

/// <summary>Consent to a purpose, on a channel or on any.</summary>
/// <param name="Purpose">Code of the purpose: <c>marketing</c>.</param>
/// <param name="Channel">Code of the channel; any if left out.</param>
public sealed record ConsentGiven([property: Code] string Purpose, [property: Code] string? Channel = null);

/// <summary>
/// A measure of the net orders that count: not wholly returned, not retracted, in the window. With category, brand or product only lines
/// of those count; a return takes from lines in proportion to what it takes from their category.
/// </summary>
/// <param name="Measure"><c>count</c> of orders, <c>net</c> revenue or <c>average</c> revenue of an order in minor units of the base
/// currency, <c>distinctDays</c> with an order, <c>maxGap</c>: the longest time between two orders in days.</param>
/// <param name="AtLeast">This or more.</param>
/// <param name="AtMost">This or less.</param>
/// <param name="Category">Only lines of this category.</param>
/// <param name="Brand">Only lines of this brand.</param>
/// <param name="Product">Only lines of this product.</param>
/// <param name="Channel">Only orders that were made there.</param>
/// <param name="MinNet">Only orders of this worth or more, before returns, in minor units of the base currency.</param>
/// <param name="Discounted">Only lines with a discount (<c>true</c>) or without one (<c>false</c>).</param>
/// <param name="Within">The window; for ever if left out.</param>
public sealed record PurchasesMade(
    [property: OneOf("count", "net", "average", "distinctDays", "maxGap")] string Measure,
    decimal? AtLeast = null,
    decimal? AtMost = null,
    [property: Label(200)] string? Category = null,
    [property: Label(200)] string? Brand = null,
    [property: KeyText(100)] string? Product = null,
    [property: Code] string? Channel = null,
    [property: Range(0, long.MaxValue)] long? MinNet = null,
    bool? Discounted = null,
    Within? Within = null
)
{
    internal bool AsksLines => Category is not null || Brand is not null || Product is not null || Discounted is not null;
}
