namespace CrmPlatform.Customers.Orders;

/// <summary>
/// Goods of a purchase come back, wholly or in part, on any channel. The return number makes it idempotent; another return under the same
/// number is refused (409).
/// </summary>
/// <param name="ReturnNumber">The shop's number of the return, unique within the purchase.</param>
/// <param name="Channel">Where the goods came back: <c>store</c>, <c>web</c>.</param>
/// <param name="OccurredAt">When they came back: not before the purchase, not in the future.</param>
/// <param name="Net">What is given back, in the purchase's currency; without it, what the lines add up to, or everything that is
/// left.</param>
/// <param name="Lines">What came back of each product, where it is known.</param>
public sealed record ReturnGoods(
    [property: Required, KeyText(80)] string ReturnNumber,
    [property: Required, Code(30)] string Channel,
    DateTimeOffset OccurredAt,
    [property: PositiveMoney] decimal? Net = null,
    [property: MinLength(1), MaxLength(RecordPurchase.MostLines)] IReadOnlyList<ReturnedLine>? Lines = null
)
{
    public static Guid IdOf(Guid purchaseId, string returnNumber) => NameId.For("return", purchaseId.ToString(), Keys.Normal(returnNumber));

    /// <summary>The id of a return that is told again, of the purchase that replaces its own.</summary>
    public static Guid Again(Guid purchaseId, Guid returnId) => NameId.For("return", purchaseId.ToString(), returnId.ToString());

    public IOrderEvent[] Decide(Order order, Guid purchaseId, DateTimeOffset now)
    {
        var purchase = order.Purchase ?? throw new NotFoundException("purchase", purchaseId);
        if ((There(order, ReturnNumber) ?? There(order, Keys.Normal(ReturnNumber))) is { } there)
            return SameAs(there)
                ? []
                : throw new DuplicateException(
                    "duplicate-return",
                    $"There is another return {ReturnNumber} of this purchase.",
                    "returnNumber"
                );
        var left = purchase.Net - order.Returned;
        var net = Net ?? Lines?.Sum(l => l.Net) ?? left;
        Check(purchase, net);
        CheckLines(order, purchase);
        if (order.Returns.Count > 0 && left == 0)
            throw new RuleViolationException("wholly-returned", "Nothing of this purchase is left to return.", "net");
        if (net > left)
            throw new RuleViolationException(
                "return-exceeds-purchase",
                $"Only {left} {purchase.Currency} of this purchase are left to return.",
                "net"
            );
        var at = Clocks.Told(OccurredAt, now);
        if (at < purchase.OccurredAt)
            throw new RuleViolationException("return-before-purchase", "Goods come back after they were bought.", "occurredAt");
        return [Fact(order, purchaseId, IdOf(purchaseId, ReturnNumber), net, Channel, at, Lines?.Select(Normal).ToList())];

        // The number may be that of a return of a purchase that this one replaces.
        GoodsReturned? There(Order purchased, string number)
        {
            GoodsReturned? found = null;
            Guid[] purchases = [.. purchase.Before ?? [], purchaseId];
            for (var i = 0; i < purchases.Length && found is null; i++)
                found = purchased.Returns.GetValueOrDefault(
                    purchases[(i + 1)..].Aggregate(NameId.For("return", purchases[i].ToString(), number), (id, next) => Again(next, id))
                );
            return found;
        }
    }

    /// <summary>The fact of a return of what is left of an order.</summary>
    public static GoodsReturned Fact(
        Order order,
        Guid purchaseId,
        Guid returnId,
        decimal net,
        string channel,
        DateTimeOffset at,
        IReadOnlyList<ReturnedLine>? lines
    )
    {
        var purchase = order.Purchase!;
        return new(
            ReturnId: returnId,
            CustomerId: purchase.CustomerId,
            PurchaseId: purchaseId,
            Channel: channel,
            Currency: purchase.Currency,
            Net: net,
            BaseCurrency: purchase.BaseCurrency,
            BaseNet: Base(order.Returned + net) - Base(order.Returned),
            Wholly: net == purchase.Net - order.Returned,
            PurchasedAt: purchase.OccurredAt,
            OccurredAt: at,
            Lines: lines,
            Categories: ReturnedCategories.Of(order, net, lines),
            PurchaseChannel: purchase.Channel
        );

        decimal Base(decimal amount) => Money.Round(amount * purchase.Rate, purchase.BaseCurrency);
    }

    /// <summary>True when the return that is there says what this command says.</summary>
    bool SameAs(GoodsReturned there) =>
        Channel == there.Channel
        && Clocks.Same(OccurredAt, there.OccurredAt)
        && (Net ?? Lines?.Sum(l => l.Net) ?? (there.Wholly ? there.Net : -1)) == there.Net
        && (Lines ?? []).Select(Normal).SequenceEqual(there.Lines ?? []);

    static ReturnedLine Normal(ReturnedLine line) => line with { ProductId = Keys.Normal(line.ProductId) };

    void Check(PurchaseMade purchase, decimal net)
    {
        Money.Exact(Net, purchase.Currency, "net");
        for (var i = 0; i < (Lines?.Count ?? 0); i++)
            Money.Exact(Lines![i].Net, purchase.Currency, $"lines[{i}].net");
        if (Lines is not null && Lines.Sum(l => l.Net) != net)
            throw new BadRequestException("net", $"what the lines add up to, {Lines.Sum(l => l.Net)}, or left out");
    }

    void CheckLines(Order order, PurchaseMade purchase)
    {
        var mine = (Lines ?? []).Select(Normal).ToList();
        var back = order.Returns.Values.SelectMany(r => r.Lines ?? []).Concat(mine).ToLookup(l => l.ProductId);
        foreach (var product in mine.Select(l => l.ProductId).Distinct())
        {
            var bought = purchase.Lines.Where(l => Keys.Normal(l.ProductId) == product).ToList();
            if (bought.Count == 0)
                throw new RuleViolationException("product-not-purchased", $"The product {product} is not in this purchase.", "lines");
            if (back[product].Sum(l => l.Quantity) > bought.Sum(l => l.Quantity) || back[product].Sum(l => l.Net) > bought.Sum(l => l.Net))
                throw new RuleViolationException(
                    "return-exceeds-purchase",
                    $"More of the product {product} would come back than was bought: "
                        + $"{bought.Sum(l => l.Quantity)} pieces for {bought.Sum(l => l.Net)} {purchase.Currency}.",
                    "lines"
                );
        }
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "purchases/{id:guid}/returns",
                "Return goods of a purchase",
                "customers.purchases.write",
                async (Guid id, ReturnGoods command, Request request, EventStore store) =>
                {
                    request.Creates(IdOf(id, command.ReturnNumber), $"/api/customers/purchases/{id}");
                    return request.Done(await store.Write(request, Order.Of(id), o => command.Decide(o, id, request.Now)));
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses("wholly-returned", "return-exceeds-purchase", "return-before-purchase", "in-the-future", "product-not-purchased")
            .Duplicates("duplicate-return");
}
