namespace CrmPlatform.Contracts;

/// <summary>A person (<c>individual</c>) or company (<c>enterprise</c>) is known from now on.</summary>
[Contract("customers")]
public sealed record CustomerRegistered(Guid CustomerId, string Kind, string? Source, DateTimeOffset OccurredAt) : IAboutKnownCustomer;

/// <summary>
/// Coarse facts about a customer that decisions elsewhere may use; told at registration where there are any, and with every revision.
/// Nothing finer leaves the customers context, but for <see cref="BirthdayNoted"/>.
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
/// Month and day of the customer's birthday, never the year; told when it changes. Calendar is <c>solar</c> or <c>lunar</c>, as the
/// customer keeps it, never both, since the two together would tell the year. All three are null when there is no birthday any more.
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

/// <summary>One line of a purchase. Net is what was paid for the whole line, after discounts, in the purchase's currency.</summary>
public sealed record PurchaseLine(string ProductId, string? Category, decimal Quantity, decimal Net, string? Brand = null);

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
/// Goods of an earlier purchase came back. Net and BaseNet are the refunded amounts (positive), at the purchase's own rate.
/// WhollyReturned: with this return the purchase has nothing left, so it no longer counts as an order.
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
    DateTimeOffset OccurredAt
) : IAboutCustomer;

/// <summary>A page was viewed. Page is a path without query string.</summary>
[Contract("customers")]
public sealed record PageViewed(Guid CustomerId, Guid PageViewId, string Page, string? Category, string Channel, DateTimeOffset OccurredAt)
    : IAboutKnownCustomer;

/// <summary>Somebody spoke with the customer. Direction is <c>inbound</c> or <c>outbound</c>; Topic is a code, never free text.</summary>
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

/// <summary>The customer asked to be forgotten: every service destroys what names the person. Totals and ledgers stay.</summary>
[Contract("customers")]
public sealed record CustomerForgotten(Guid CustomerId, DateTimeOffset OccurredAt) : IAboutKnownCustomer;
