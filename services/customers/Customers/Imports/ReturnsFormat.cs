using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Imports;

/// <summary>The columns of an import of returns.</summary>
public static class ReturnsFormat
{
    static readonly Column<string> source = Column.Text("source", 60, "shop", "the system that numbers the orders", required: true);
    static readonly Column<string> orderNumber = Column.Text("orderNumber", 80, "A-1", "the order that came back", required: true);
    static readonly Column<string> returnNumber = Column.Text("returnNumber", 80, "R-1", "the return's number there", required: true);
    static readonly Column<string> channel = Column.Text("channel", 30, "store", "where it came back: a code", required: true);
    static readonly Column<DateTimeOffset> occurredAt = Column.Instant(
        "occurredAt",
        "2026-06-02T10:00:00+08:00",
        "when it came back",
        required: true
    );
    static readonly Column<string> product = Column.Text(
        "productId",
        80,
        "SKU-7",
        "the product that came back; it is left out where only the amount is known"
    );
    static readonly Column<decimal> quantity = Column.Number("quantity", "1", "of the product; needed with productId");
    static readonly Column<decimal> net = Column.Number(
        "net",
        "29.90",
        "what was given back, for the product where there is one; without it and without productId everything that is left"
    );

    public static readonly ImportFormat<ReturnByOrderNumber> Format = new()
    {
        Kind = "returns",
        Route = "imports/{importId}/returns",
        Meaning =
            "A row is a return, as POST /api/customers/purchases/returns takes it. In CSV a record is one product of a return; the records "
            + "of a return follow one another. Import the purchases first.",
        Identity =
            "source, orderNumber and returnNumber. The same return again is `unchanged`; another one under the same number is refused "
            + "(`duplicate-return`), and so is one of an order that is not here (`purchase-unknown`).",
        Columns = [source, orderNumber, returnNumber, channel, occurredAt, product, quantity, net],
        Together = [source, orderNumber, returnNumber],
        Alike = [channel, occurredAt],
        MostRecords = RecordPurchase.MostLines,
        SecondExample = new Dictionary<Column, string>
        {
            [product] = "SKU-9",
            [quantity] = "1",
            [net] = "12.00",
        },
        Elements = rows => [("lines", rows)],
        Clock = SourceClock.Of(source),
        Read = Read,
    };

    static ReturnByOrderNumber Read(IReadOnlyList<CsvRow> rows)
    {
        var lines = rows.Count > 1 || rows[0].Cell(product) is not null || rows[0].Cell(quantity) is not null;
        return new(
            Source: rows[0].Of(source),
            OrderNumber: rows[0].Of(orderNumber),
            ReturnNumber: rows[0].Of(returnNumber),
            Channel: rows[0].Of(channel),
            OccurredAt: rows[0].Of(occurredAt),
            Net: lines ? null : rows[0].Maybe(net),
            Lines: lines ? [.. rows.Select(r => new ReturnedLine(r.Of(product), r.Of(quantity), r.Of(net)))] : null
        );
    }
}
