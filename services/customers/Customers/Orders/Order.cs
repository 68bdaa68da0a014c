using System.Collections.Immutable;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Orders;

/// <summary>
/// One purchase and what came back of it. Amounts are in the purchase's currency; the rate to the base currency is kept with it.
/// </summary>
public sealed record Order(
    PurchaseMade? Purchase,
    decimal Returned,
    ImmutableDictionary<Guid, GoodsReturned> Returns,
    PurchaseRetracted? Retracted = null
) : IAggregate<Order, IOrderEvent>
{
    public static Order Initial { get; } = new(null, 0, ImmutableDictionary<Guid, GoodsReturned>.Empty);

    public static Stream<Order, IOrderEvent> Of(Guid id) => new(id);

    public Order Evolve(IOrderEvent @event) =>
        @event switch
        {
            PurchaseMade e => this with { Purchase = e },
            GoodsReturned e => this with { Returned = Returned + e.Net, Returns = Returns.SetItem(e.ReturnId, e) },
            PurchaseRetracted e => Initial with { Retracted = e },
            _ => this,
        };

    /// <summary>The id of the purchase that the order gets after this one was retracted: a retracted id does not come back.</summary>
    public static Guid After(Guid retracted) => NameId.For("order", retracted.ToString());

    /// <exception cref="RetractedException">The purchase was retracted: the order is another stream now.</exception>
    public Order Current(Guid id) => Retracted is null ? this : throw new RetractedException(After(id));

    /// <summary>The stream of an order is found by the shop's own number for it.</summary>
    public static Guid IdOf(string source, string orderNumber) => NameId.For("order", Keys.Normal(source), Keys.Normal(orderNumber));

    /// <summary>The id under this number in use: before keys were compared, it was made from the number as it was spelled.</summary>
    public static async Task<Guid> IdOf(string source, string orderNumber, EventStore store, CancellationToken ct)
    {
        var (id, spelled) = (IdOf(source, orderNumber), NameId.For("order", source, orderNumber));
        return id != spelled && await store.Read(Of(spelled), ct) is ({ Purchase: not null }, _) ? spelled : id;
    }
}

public interface IOrderEvent;

/// <summary>One line.</summary>
/// <param name="ProductId">The shop's id of the product.</param>
/// <param name="Quantity">Pieces, or weight or volume.</param>
/// <param name="Net">What was paid for the whole line, after discounts, in the purchase's currency; negative for a coupon of its own
/// line.</param>
/// <param name="Category">The shop's category of the product.</param>
/// <param name="Brand">Brand of the product.</param>
/// <param name="ListPrice">Of one piece, before discounts.</param>
/// <param name="Discount">Of the whole line.</param>
/// <param name="Cost">Of the whole line, to the company.</param>
public sealed record OrderLine(
    [property: Required, KeyText(80)] string ProductId,
    [property: Quantity] decimal Quantity,
    [property: Money] decimal Net,
    [property: Label(80)] string? Category = null,
    [property: Label(80)] string? Brand = null,
    [property: PositiveMoney] decimal? ListPrice = null,
    [property: PositiveMoney] decimal? Discount = null,
    [property: PositiveMoney] decimal? Cost = null
);

/// <param name="Before">The purchases that this one replaces, oldest first: a return of each was retracted.</param>
public sealed record PurchaseMade(
    Guid? CustomerId,
    string Source,
    string OrderNumber,
    string Channel,
    string Currency,
    decimal Net,
    string BaseCurrency,
    decimal Rate,
    IReadOnlyList<OrderLine> Lines,
    DateTimeOffset OccurredAt,
    IReadOnlyList<Guid>? Before = null
) : IOrderEvent, IRetractable
{
    /// <summary>Net in the base currency, to its smallest unit.</summary>
    public decimal BaseNet => Money.Round(Net * Rate, BaseCurrency);
}

/// <summary>
/// BaseNet is the difference of the rounded cumulative amounts, so that the parts of a full return add up to the purchase exactly.
/// </summary>
public sealed record GoodsReturned(
    Guid ReturnId,
    Guid? CustomerId,
    Guid PurchaseId,
    string Channel,
    string Currency,
    decimal Net,
    string BaseCurrency,
    decimal BaseNet,
    bool Wholly,
    DateTimeOffset PurchasedAt,
    DateTimeOffset OccurredAt,
    IReadOnlyList<ReturnedLine>? Lines = null,
    IReadOnlyList<ReturnedCategory>? Categories = null,
    string? PurchaseChannel = null
) : IOrderEvent, IRetractable;

/// <summary>The purchase was never made, and neither were its returns.</summary>
/// <param name="Net">What was paid, in its currency.</param>
/// <param name="Returned">What had come back of it.</param>
/// <param name="BaseNet">What was left of it, in the base currency.</param>
public sealed record PurchaseRetracted(
    Guid PurchaseId,
    Guid? CustomerId,
    string Channel,
    string Currency,
    decimal Net,
    decimal Returned,
    string BaseCurrency,
    decimal BaseNet,
    DateTimeOffset PurchasedAt,
    DateTimeOffset OccurredAt
) : IOrderEvent;

/// <summary>What came back of a category.</summary>
/// <param name="BaseNet">In the base currency, not rounded.</param>
public sealed record ReturnedCategory(string? Category, decimal BaseNet);

/// <summary>What came back of one product.</summary>
/// <param name="ProductId">The shop's id of the product, as in the purchase.</param>
/// <param name="Quantity">Pieces, or weight or volume, that came back.</param>
/// <param name="Net">What was given back for it, in the purchase's currency.</param>
public sealed record ReturnedLine(
    [property: Required, KeyText(80)] string ProductId,
    [property: Quantity] decimal Quantity,
    [property: PositiveMoney] decimal Net
);
