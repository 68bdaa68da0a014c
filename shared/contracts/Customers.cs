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

/// <summary>
/// One line of a purchase. Net is the price that was paid for the whole line, after discounts, in the purchase's currency. ListPrice is of
/// one piece, before discounts; Discount and Cost (to the company) are of the whole line.
/// </summary>
/// <param name="ProductId">The shop's id of the product.</param>
/// <param name="Category">The shop's category of the product.</param>
/// <param name="Quantity">Pieces, or weight or volume.</param>
/// <param name="Net">What was paid for the whole line, after discounts, in the purchase's currency.</param>
/// <param name="Brand">Brand of the product.</param>
/// <param name="ListPrice">Price of one piece before discounts, in the purchase's currency.</param>
/// <param name="Discount">Discount on the whole line, in the purchase's currency.</param>
/// <param name="Cost">What the whole line cost the company, in the purchase's currency.</param>
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
/// <param name="ProductId">The shop's id of the product.</param>
/// <param name="Quantity">Pieces, or weight or volume, that came back.</param>
/// <param name="Net">What was given back for it, in the purchase's currency.</param>
public sealed record ReturnedLine(string ProductId, decimal Quantity, decimal Net);

/// <summary>
/// What a return takes from a category of its purchase, in the company's base currency, not rounded: of all returns of a wholly returned
/// purchase it adds up to what its lines made.
/// </summary>
/// <param name="Category">The shop's category; absent for lines without one.</param>
/// <param name="BaseNet">In the base currency, not rounded.</param>
public sealed record ReturnedCategory(string? Category, decimal BaseNet);

/// <summary>A purchase was made. CustomerId is null for a guest. BaseNet = Net × Rate, in the company's base currency.</summary>
/// <param name="PurchaseId">Id of the purchase.</param>
/// <param name="Source">The shop that numbers its orders; with OrderNumber it names the purchase.</param>
/// <param name="OrderNumber">The shop's number of the order.</param>
/// <param name="Channel">Where it was bought: <c>store</c>, <c>web</c>, <c>app</c>.</param>
/// <param name="Currency">Currency of Net and of the lines, ISO 4217.</param>
/// <param name="Net">What was paid, after discounts: the sum of the lines.</param>
/// <param name="BaseCurrency">The company's currency, ISO 4217.</param>
/// <param name="BaseNet">Net in the base currency.</param>
/// <param name="Rate">Units of the base currency for one unit of Currency; 1 where they are the same.</param>
/// <param name="Lines">What was bought.</param>
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
/// <param name="PurchaseId">The purchase that the goods are from.</param>
/// <param name="ReturnId">Id of the return.</param>
/// <param name="Channel">Where the goods came back: <c>store</c>, <c>web</c>.</param>
/// <param name="Currency">The purchase's currency, ISO 4217.</param>
/// <param name="Net">What was given back; positive.</param>
/// <param name="BaseCurrency">The company's currency, ISO 4217.</param>
/// <param name="BaseNet">Net in the base currency, at the exchange rate of the purchase.</param>
/// <param name="WhollyReturned">True if nothing of the purchase is left, so that it no longer counts as an order.</param>
/// <param name="PurchasedAt">When the goods were bought.</param>
/// <param name="Lines">What came back of each product, if the shop knows it.</param>
/// <param name="Categories">What came back of each category, in proportion where the shop does not know it.</param>
/// <param name="PurchaseChannel">Where the goods were bought.</param>
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

/// <summary>
/// A purchase was never made: the import or the source that told of it was retracted. It counts no more from the day of the purchase on, and
/// neither do its returns. Its id does not come back: if the order is told again, the purchase has another id.
/// </summary>
/// <param name="PurchaseId">The purchase that does not count.</param>
/// <param name="Channel">Where it was said to be bought.</param>
/// <param name="Currency">The purchase's currency, ISO 4217.</param>
/// <param name="Net">What was left of it after its returns, in the purchase's currency.</param>
/// <param name="BaseCurrency">The company's currency, ISO 4217.</param>
/// <param name="BaseNet">What was left of it after its returns, in the base currency.</param>
/// <param name="OccurredAt">When the purchase was said to be made; <c>recordedAt</c> says when it was retracted.</param>
[Contract("customers")]
public sealed record PurchaseRetracted(
    Guid? CustomerId,
    Guid PurchaseId,
    string Channel,
    string Currency,
    decimal Net,
    string BaseCurrency,
    decimal BaseNet,
    DateTimeOffset OccurredAt
) : IAboutCustomer;

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
