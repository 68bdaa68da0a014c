using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Imports;

/// <summary>The columns of an import of purchases.</summary>
public static class PurchasesFormat
{
    static readonly Column<string> source = Column.Text(
        "source",
        60,
        "shop",
        "the system that numbers the orders: no @, at most 8 digits",
        required: true
    );
    static readonly Column<string> orderNumber = Column.Text("orderNumber", 80, "A-1", "the order's number there", required: true);
    static readonly Column<string> channel = Column.Text("channel", 30, "store", "where it was bought: a code", required: true);
    static readonly Column<string> currency = Column.Text("currency", 3, "CNY", "an ISO 4217 code", required: true);
    static readonly Column<decimal> rate = Column.Number("rate", "", "the rate to the base currency; needed for another currency");
    static readonly Column<DateTimeOffset> occurredAt = Column.Instant(
        "occurredAt",
        "2026-05-31T12:00:00+08:00",
        "when it was bought",
        required: true
    );
    static readonly Column<Guid> customerId = Column.Id("customerId", "", "the customer's id here, or:");
    static readonly Column<string> system = Column.Text("customerSystem", 60, "shop", "the system whose number customerValue is");
    static readonly Column<string> value = Column.Text(
        "customerValue",
        120,
        "C-1001",
        "the customer's external id; without it, and without customerId, a guest bought"
    );
    static readonly Column<string> product = Column.Text("productId", 80, "SKU-7", "the product of the line", required: true);
    static readonly Column<string> category = Column.Text("category", 80, "tea", "the product's category: no @, at most 8 digits");
    static readonly Column<string> brand = Column.Text("brand", 80, "", "the product's brand: no @, at most 8 digits");
    static readonly Column<decimal> quantity = Column.Number("quantity", "2", "pieces, or weight or volume; not negative", required: true);
    static readonly Column<decimal> net = Column.Number(
        "net",
        "59.80",
        "what was paid for the whole line, after discounts",
        required: true
    );
    static readonly Column<decimal> listPrice = Column.Number("listPrice", "", "of one piece, before discounts");
    static readonly Column<decimal> discount = Column.Number("discount", "", "of the whole line; not negative");
    static readonly Column<decimal> cost = Column.Number("cost", "", "of the whole line, to the company");

    public static readonly ImportFormat<RecordPurchase> Format = new()
    {
        Kind = "purchases",
        Route = "imports/{importId}/purchases",
        Meaning =
            "A row is a purchase, as POST /api/customers/purchases takes it. In CSV a record is one line of a purchase; the lines of a "
            + "purchase follow one another.",
        Identity =
            "source and orderNumber. The same purchase again is `unchanged`; another one under the same number is refused "
            + "(`duplicate-order`).",
        Columns =
        [
            source,
            orderNumber,
            channel,
            currency,
            rate,
            occurredAt,
            customerId,
            system,
            value,
            product,
            category,
            brand,
            quantity,
            net,
            listPrice,
            discount,
            cost,
        ],
        Together = [source, orderNumber],
        Alike = [channel, currency, rate, occurredAt, customerId, system, value],
        MostRecords = RecordPurchase.MostLines,
        SecondExample = new Dictionary<Column, string>
        {
            [product] = "SKU-9",
            [quantity] = "1",
            [net] = "12.00",
        },
        Elements = rows => [("lines", rows)],
        Weight = purchase => 1 + (purchase.Lines.Count / 10),
        Clock = SourceClock.Of(source),
        Read = Read,
    };

    static RecordPurchase Read(IReadOnlyList<CsvRow> rows) =>
        new(
            Source: rows[0].Of(source),
            OrderNumber: rows[0].Of(orderNumber),
            Channel: rows[0].Of(channel),
            Currency: rows[0].Of(currency),
            Lines: [.. rows.Select(Line)],
            OccurredAt: rows[0].Of(occurredAt),
            Customer: rows[0].Cell(value) is null && rows[0].Cell(system) is null ? null : new(null, rows[0].Of(system), rows[0].Of(value)),
            CustomerId: rows[0].Maybe(customerId),
            Rate: rows[0].Maybe(rate)
        );

    static OrderLine Line(CsvRow row) =>
        new(
            row.Of(product),
            row.Of(quantity),
            row.Of(net),
            row.Maybe(category),
            row.Maybe(brand),
            row.Maybe(listPrice),
            row.Maybe(discount),
            row.Maybe(cost)
        );
}
