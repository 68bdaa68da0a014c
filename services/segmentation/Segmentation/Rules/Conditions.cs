using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Rules;

/// <summary>Which things that were done.</summary>
/// <param name="What"><c>page-view</c>, <c>interaction</c>, <c>ticket</c> (opened), <c>breach</c> (a missed promise of the service desk),
/// <c>survey</c> (satisfaction that was told, 1 to 5),
/// <c>points-redeemed</c>, <c>coupon-used</c>, <c>activity-attended</c> or <c>purchase</c>.</param>
/// <param name="Category">Of a page view, a purchase or a ticket.</param>
/// <param name="Kind">Of a ticket: <c>complaint</c>, <c>request</c> or <c>feedback</c>.</param>
/// <param name="Topic">Of an interaction.</param>
/// <param name="Direction">Of an interaction: <c>inbound</c> or <c>outbound</c>.</param>
/// <param name="MinScore">Of a survey: this score or more.</param>
/// <param name="MaxScore">Of a survey: this score or less.</param>
public sealed record Thing(
    [property: OneOf(
        "page-view",
        "interaction",
        "ticket",
        "breach",
        "survey",
        "points-redeemed",
        "coupon-used",
        "activity-attended",
        "purchase"
    )]
        string What,
    [property: Label(200)] string? Category = null,
    [property: OneOf(null, "complaint", "request", "feedback")] string? Kind = null,
    [property: Code] string? Topic = null,
    [property: OneOf(null, "inbound", "outbound")] string? Direction = null,
    [property: Range(0, 10)] int? MinScore = null,
    [property: Range(0, 10)] int? MaxScore = null
);

/// <summary>How often something was done.</summary>
/// <param name="Of">What.</param>
/// <param name="AtLeast">So often or more.</param>
/// <param name="AtMost">So often or less.</param>
/// <param name="Within">The window; for ever if left out.</param>
public sealed record ThingsDone(
    [property: Required] Thing Of,
    [property: Range(0, 1_000_000)] int? AtLeast = null,
    [property: Range(0, 1_000_000)] int? AtMost = null,
    Within? Within = null
);

/// <summary>How many tickets are open at the moment.</summary>
/// <param name="Kind"><c>complaint</c>, <c>request</c> or <c>feedback</c>; all if left out.</param>
/// <param name="AtLeast">So many or more.</param>
/// <param name="AtMost">So many or fewer.</param>
public sealed record TicketsOpen(
    [property: OneOf(null, "complaint", "request", "feedback")] string? Kind = null,
    [property: Range(0, 1_000)] int? AtLeast = null,
    [property: Range(0, 1_000)] int? AtMost = null
);

/// <summary>One thing, then another within so many days, if wished without a third between them.</summary>
/// <param name="First">What came first.</param>
/// <param name="Then">What came after it.</param>
/// <param name="Days">At most so many times 24 hours later.</param>
/// <param name="Without">What was not done in between.</param>
/// <param name="Within">When the second one was; for ever if left out.</param>
public sealed record OneAfterAnother(
    [property: Required] Thing First,
    [property: Required] Thing Then,
    [property: Range(1, Within.LongestDays)] int Days,
    Thing? Without = null,
    Within? Within = null
);

/// <summary>
/// How long ago something last was, in times of 24 hours: <c>underDays</c> holds until just before the last instant plus so many,
/// <c>atLeastDays</c> from then on. Unknown where it never was.
/// </summary>
/// <param name="Since"><c>purchase</c>, <c>contact</c> (an interaction or a ticket), <c>page-view</c> or <c>registration</c>.</param>
/// <param name="AtLeastDays">So long ago or longer.</param>
/// <param name="UnderDays">Less long ago.</param>
/// <param name="Missing">What holds where it never was: <c>unknown</c> (default) or <c>no</c>.</param>
public sealed record SilenceFor(
    [property: OneOf("purchase", "contact", "page-view", "registration")] string Since,
    [property: Range(1, 3_650)] int? AtLeastDays = null,
    [property: Range(1, 3_650)] int? UnderDays = null,
    [property: OneOf(null, "unknown", "no")] string? Missing = null
);

/// <summary>What is said of the customer at the moment.</summary>
/// <param name="Of"><c>recency</c>, <c>frequency</c> or <c>monetary</c> (1 to 5), <c>grid</c> (segment of the 5×5 grid), <c>type</c> (of
/// the eight), <c>abc</c>, <c>grade</c> (the grade that stands in the <c>scheme</c>), <c>stage</c>, <c>tier</c>, <c>riskBand</c>
/// (<c>ok</c>, <c>watch</c>, <c>risk</c> or <c>critical</c>; who has bought is <c>ok</c> until a band is said) or <c>churn</c> (on what
/// basis an open episode of churn was declared: <c>silence</c>, <c>cancelled</c> or <c>p-alive</c>; never unknown).</param>
/// <param name="In">It is one of these: <c>Champions</c>, <c>A</c>, <c>Active</c>, <c>gold</c>.</param>
/// <param name="AtLeast">Of the three scores: this or more.</param>
/// <param name="AtMost">Of the three scores: this or less.</param>
/// <param name="Missing">What holds where nothing is said: <c>unknown</c> (default) or <c>no</c>.</param>
/// <param name="Scheme">Of <c>grade</c>: code of a published grade scheme.</param>
public sealed record ScoreIs(
    [property: OneOf("recency", "frequency", "monetary", "grid", "type", "abc", "grade", "stage", "tier", "riskBand", "churn")] string Of,
    [property: Length(1, 50)] IReadOnlyList<string>? In = null,
    [property: Range(1, 5)] int? AtLeast = null,
    [property: Range(1, 5)] int? AtMost = null,
    [property: OneOf(null, "unknown", "no")] string? Missing = null,
    [property: Code] string? Scheme = null
)
{
    internal string Name => Scheme is null ? Of : $"{Of} of {Scheme}";

    internal bool IsNumber => Of is "recency" or "frequency" or "monetary";
}

/// <summary>
/// Customers whose bucket is in a range. The bucket is the first four bytes, big-endian, of SHA-256 of <c>salt|id</c> (the id in lower case
/// with hyphens, UTF-8) modulo 10,000.
/// </summary>
/// <param name="Salt">Another salt shares out the customers anew.</param>
/// <param name="From">The first bucket.</param>
/// <param name="To">The bucket after the last one.</param>
public sealed record BucketOf([property: Code] string Salt, [property: Range(0, 9_999)] int From, [property: Range(1, 10_000)] int To);
