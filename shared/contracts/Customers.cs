namespace CrmPlatform.Contracts;

/// <summary>A customer was registered: a person (<c>individual</c>) or a company (<c>enterprise</c>).</summary>
[Contract("customers")]
public sealed record CustomerRegistered(Guid CustomerId, string Kind, string? Source, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// A coarse profile of the customer, for decisions of other contexts; published at registration, if there is a profile, and at every
/// change. More detailed data never leaves the customers context, except in <c>BirthdayNoted</c>.
/// </summary>
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
[Contract("customers", Internal = true)]
public sealed record BirthdayNoted(Guid CustomerId, string? Calendar, int? Month, int? Day, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>Consent for one purpose on one channel was given or withdrawn (PIPL articles 13 to 16).</summary>
[Contract("customers")]
public sealed record ConsentChanged(
    Guid CustomerId,
    string Purpose,
    string Channel,
    bool Granted,
    string NoticeVersion,
    DateTimeOffset OccurredAt
) : IAboutKnownCustomer;

/// <summary>
/// One line of a purchase. Net is the price that was paid for the whole line, after discounts, in the purchase's currency. ListPrice is of
/// one piece, before discounts; Discount and Cost (to the company) are of the whole line.
/// </summary>
public sealed record PurchaseLine(
    string ProductId,
    string? Category,
    decimal Quantity,
    decimal Net,
    string? Brand = null,
    decimal? ListPrice = null,
    decimal? Discount = null,
    decimal? Cost = null
);

/// <summary>What came back of one product of a purchase. Net is what was given back for it.</summary>
public sealed record ReturnedLine(string ProductId, decimal Quantity, decimal Net);

/// <summary>
/// What a return takes from a category of its purchase, in the company's base currency, not rounded: of all returns of a wholly returned
/// purchase it adds up to what its lines made.
/// </summary>
public sealed record ReturnedCategory(string? Category, decimal BaseNet);

/// <summary>A purchase was made. CustomerId is null for a guest. BaseNet = Net × Rate, in the company's base currency.</summary>
[Contract("customers")]
public sealed record PurchaseRecorded(
    Guid? CustomerId,
    Guid PurchaseId,
    string Source,
    string OrderNumber,
    string Channel,
    string Currency,
    decimal Net,
    string BaseCurrency,
    decimal BaseNet,
    decimal Rate,
    IReadOnlyList<PurchaseLine> Lines,
    DateTimeOffset OccurredAt
) : IAboutCustomer;

/// <summary>
/// Goods of an earlier purchase were returned. Net and BaseNet are the refunded amounts (positive), at the exchange rate of the purchase.
/// WhollyReturned: nothing of the purchase is left, so it no longer counts as an order. Lines: what came back of each product, if the shop
/// knows it. Categories: the same by category, in proportion where the shop does not know it. PurchaseChannel: where the goods were bought;
/// Channel is where they came back. Both are null in returns that were recorded before they were kept.
/// </summary>
[Contract("customers")]
public sealed record PurchaseReturned(
    Guid? CustomerId,
    Guid PurchaseId,
    Guid ReturnId,
    string Channel,
    string Currency,
    decimal Net,
    string BaseCurrency,
    decimal BaseNet,
    bool WhollyReturned,
    DateTimeOffset PurchasedAt,
    DateTimeOffset OccurredAt,
    IReadOnlyList<ReturnedLine>? Lines = null,
    IReadOnlyList<ReturnedCategory>? Categories = null,
    string? PurchaseChannel = null
) : IAboutCustomer;

/// <summary>A page was viewed. Page is a path without query string.</summary>
[Contract("customers")]
public sealed record PageViewed(Guid CustomerId, Guid PageViewId, string Page, string? Category, string Channel, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>A conversation with the customer. Direction is <c>inbound</c> or <c>outbound</c>; Topic is a code, never free text.</summary>
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
