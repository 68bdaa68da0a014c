namespace CrmPlatform.Contracts;

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
/// A purchase was never made: the import or the source that told of it was retracted. It counts no more from the day of the purchase on,
/// and neither do its returns. Its id does not come back: if the order is told again, the purchase has another id.
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
