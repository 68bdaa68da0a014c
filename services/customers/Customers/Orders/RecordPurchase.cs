using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Orders;

/// <summary>
/// A purchase. The shop's order number makes it idempotent: the same order again changes nothing, another one under the same number is
/// refused (409). An unknown customer is refused (422); a guest's purchase counts in the totals and has no portrait.
/// </summary>
/// <param name="Source">The shop that numbers its orders: <c>web</c>.</param>
/// <param name="OrderNumber">The shop's number of the order, unique within its source.</param>
/// <param name="Channel">Where it was bought, in the business's words: <c>store</c>, <c>web</c>, <c>app</c>.</param>
/// <param name="Currency">Currency of the amounts, an ISO 4217 code like CNY.</param>
/// <param name="Lines">What was bought: 1 to 5,000 lines; their net amounts add up to what was paid.</param>
/// <param name="OccurredAt">When it was bought; not in the future.</param>
/// <param name="Customer">Who bought, by id or external id; left out, like customerId, for a guest.</param>
/// <param name="CustomerId">Who bought, by the platform's id, instead of customer.</param>
/// <param name="Rate">Units of the base currency for one unit of currency; left out (or 1) where they are the same.</param>
public sealed record RecordPurchase(
    [property: Required, Label(60)] string Source,
    [property: Required, KeyText(80)] string OrderNumber,
    [property: Required, Code(30)] string Channel,
    [property: Required, RegularExpression("^[A-Z]{3}$", ErrorMessage = "currency must be an ISO 4217 code like CNY")] string Currency,
    [property: Required, MinLength(1), MaxLength(RecordPurchase.MostLines)] IReadOnlyList<OrderLine> Lines,
    DateTimeOffset OccurredAt,
    CustomerRef? Customer = null,
    Guid? CustomerId = null,
    [property: Range(typeof(decimal), "0.000001", "1000000")] decimal? Rate = null
)
{
    public const int MostLines = 5_000;

    /// <exception cref="BadRequestException">An amount has more decimals than its currency.</exception>
    public void Check()
    {
        for (var i = 0; i < Lines.Count; i++)
        {
            Money.Exact(Lines[i].Net, Currency, $"lines[{i}].net");
            Money.Exact(Lines[i].Discount, Currency, $"lines[{i}].discount");
        }
    }

    public IOrderEvent[] Decide(Order order, Guid? customerId, string baseCurrency, DateTimeOffset now)
    {
        if (order.Purchase is { } there)
            return SameAs(there, customerId)
                ? []
                : throw new DuplicateException("duplicate-order", $"There is another order {OrderNumber} of {Source}.", "orderNumber");
        var at = Clocks.Told(OccurredAt, now);
        if (Rate is null && Currency != baseCurrency)
            throw new RuleViolationException("rate-missing", $"A purchase in {Currency} needs its rate to {baseCurrency}.", "rate");
        if (Currency == baseCurrency && Rate is not (null or 1))
            throw new RuleViolationException("rate-not-one", $"The rate of {Currency} to itself is 1.", "rate");
        if (Lines.Sum(l => l.Net) is > Money.Most || Fact(customerId, baseCurrency, at).BaseNet > Money.Most)
            throw new RuleViolationException(
                "amount-out-of-range",
                $"A purchase is of at most {Money.Most:N0}, in its currency and in {baseCurrency}.",
                "lines"
            );
        if (Lines.Sum(l => l.Net) is < 0)
            throw new RuleViolationException(
                "negative-purchase",
                "A purchase has no negative total: goods that come back are a return.",
                "lines"
            );
        return [Fact(customerId, baseCurrency, at)];
    }

    PurchaseMade Fact(Guid? customerId, string baseCurrency, DateTimeOffset at) =>
        new(
            CustomerId: customerId,
            Source: Keys.Normal(Source),
            OrderNumber: Keys.Normal(OrderNumber),
            Channel: Channel,
            Currency: Currency,
            Net: Lines.Sum(l => l.Net),
            BaseCurrency: baseCurrency,
            Rate: Rate ?? 1,
            Lines: [.. Lines.Select(l => l with { ProductId = Keys.Normal(l.ProductId) })],
            OccurredAt: at
        );

    /// <summary>True when the order that is there says what this command says.</summary>
    public bool SameAs(PurchaseMade there, Guid? customerId) =>
        Fact(customerId, there.BaseCurrency, Clocks.Same(OccurredAt, there.OccurredAt) ? there.OccurredAt : OccurredAt.ToUniversalTime())
            is var mine
        && mine with { Lines = there.Lines, Source = there.Source, OrderNumber = there.OrderNumber } == there
        && (mine.Lines.SequenceEqual(there.Lines) || Lines.SequenceEqual(there.Lines));

    public static void Map(CrmService room) =>
        room.MapPost(
                "purchases",
                "Record a purchase",
                "customers.purchases.write",
                async (
                    RecordPurchase command,
                    Request request,
                    EventStore store,
                    KnownCustomers customers,
                    Business business,
                    CancellationToken ct
                ) =>
                {
                    command.Check();
                    var customerId = await customers.Resolve(command.CustomerId, command.Customer, ct);
                    return request.Done(await Retold.Write(await Order.IdOf(command.Source, command.OrderNumber, store, ct), Record));

                    Task<WriteResult> Record(Guid id)
                    {
                        request.Creates(id, $"/api/customers/purchases/{id}");
                        // Nearly always the order is new: nothing is loaded to find that out.
                        var order = Order.Of(id) with
                        {
                            ProbablyNew = true,
                        };
                        return store.Write(
                            request,
                            Write
                                .To(order, o => command.Decide(o.Current(id), customerId, business.Currency, request.Now))
                                .From(request.Metadata with { Source = command.Source })
                        );
                    }
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses("customer-unknown", "in-the-future", "rate-missing", "rate-not-one", "amount-out-of-range", "negative-purchase")
            .Duplicates("duplicate-order");
}
