namespace CrmPlatform.Customers.Orders;

/// <summary>
/// One purchase and what came back of it. Amounts are in the purchase's currency; the rate to the base currency is kept with it.
/// </summary>
public sealed record Order(PurchaseMade? Purchase, decimal Returned, IReadOnlySet<Guid> Returns) : IAggregate<Order, IOrderEvent>
{
    public static Order Initial { get; } = new(null, 0, new HashSet<Guid>());

    public static Stream<Order, IOrderEvent> Of(Guid id) => new(id);

    public Order Evolve(IOrderEvent @event) =>
        @event switch
        {
            PurchaseMade e => this with { Purchase = e },
            GoodsReturned e => this with { Returned = Returned + e.Net, Returns = Returns.Append(e.ReturnId).ToHashSet() },
            _ => this,
        };

    /// <summary>The stream of an order is found by the shop's own number for it.</summary>
    public static Guid IdOf(string source, string orderNumber) => NameId.For("order", source, orderNumber);
}

public interface IOrderEvent;

/// <summary>One line. Net is what was paid for the whole line, after discounts.</summary>
public sealed record OrderLine(
    [property: Required, StringLength(80, MinimumLength = 1)] string ProductId,
    [property: Range(typeof(decimal), "0", "1000000000")] decimal Quantity,
    [property: Range(typeof(decimal), "-1000000000", "1000000000")] decimal Net,
    [property: StringLength(80)] string? Category = null,
    [property: StringLength(80)] string? Brand = null
);

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
    DateTimeOffset OccurredAt
) : IOrderEvent
{
    /// <summary>Net in the base currency, to the cent, half to even.</summary>
    public decimal BaseNet => Math.Round(Net * Rate, 2, MidpointRounding.ToEven);
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
    DateTimeOffset OccurredAt
) : IOrderEvent;
