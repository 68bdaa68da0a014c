using System.Globalization;
using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Profiles;
using CsvHelper;

namespace CrmPlatform.Customers.Imports;

/// <summary>Purchases in bulk. A row is what POST /api/customers/purchases takes; the shop's order number makes it idempotent.</summary>
public static class ImportPurchases
{
    public static void Map(CrmService room) =>
        room.MapImport(
            "imports/{importId}/purchases",
            "Import purchases (NDJSON or CSV)",
            "customers.import",
            [
                "invalid-request",
                "too-large",
                "customer-unknown",
                "in-the-future",
                "rate-missing",
                "rate-not-one",
                "negative-purchase",
                "duplicate-order",
            ],
            (string importId, Request request, HttpContext http, CancellationToken ct) =>
                importId.Length is 0 or > 80
                    ? throw new BadRequestException("importId", "1 to 80 characters")
                    : ImportRows.Answer<RecordPurchase>(http, Csv, (rows, t) => Write(request, http.RequestServices, rows, t), ct)
        );

    static async Task<RowResult[]> Write(
        Request request,
        IServiceProvider services,
        IReadOnlyList<Row<RecordPurchase>> rows,
        CancellationToken ct
    )
    {
        var (store, currency, now) = (
            services.GetRequiredService<EventStore>(),
            services.GetRequiredService<Business>().Currency,
            request.Now
        );
        var results = new Dictionary<long, RowResult>();
        var references = new Dictionary<long, CustomerRef?>();
        foreach (var row in rows.Where(r => r.Command is not null))
            try
            {
                references[row.Number] = KnownCustomers.Normalised(row.Command!.CustomerId, row.Command.Customer);
            }
            catch (BadRequestException e)
            {
                results[row.Number] = RowResult.Refused(row.Number, "invalid-request", e.Message, e.Field);
            }
        var known = await services
            .GetRequiredService<KnownCustomers>()
            .Resolve([.. references.Values.OfType<CustomerRef>().Distinct()], ct);
        var good = new List<(long Number, RecordPurchase Command, Guid? Customer)>();
        foreach (var row in rows)
            if (references.TryGetValue(row.Number, out var reference))
            {
                if (reference is null)
                    good.Add((row.Number, row.Command!, null));
                else if (known[reference] is { } id)
                    good.Add((row.Number, row.Command!, id));
                else
                    results[row.Number] = RowResult.Refused(row.Number, "customer-unknown", KnownCustomers.Unknown().Message, "customer");
            }
        var written = await store.Execute(
            request,
            [.. good.Select(g => EventSourcing.Write.To(Order.Of(g.Command.PurchaseId), order => Decide(g.Command, order, g.Customer)))],
            refusalsAsResults: true
        );
        foreach (var (g, result) in good.Zip(written))
            results[g.Number] = result.Refused is { } refused
                ? RowResult.Refused(g.Number, refused.Code, refused.Message, refused.Field)
                : new(g.Number, result.Events.Count > 0 ? "recorded" : "unchanged", result.StreamId);
        return [.. rows.Select(r => r.Refused ?? results[r.Number])];

        IOrderEvent[] Decide(RecordPurchase command, Order order, Guid? customer)
        {
            try
            {
                return command.Decide(order, customer, currency, now);
            }
            catch (DuplicateException e)
            {
                throw new RuleViolationException(e.Code, e.Message, e.Field);
            } // of this row alone
        }
    }

    sealed record Line(
        string Source,
        string OrderNumber,
        string Channel,
        string Currency,
        DateTimeOffset OccurredAt,
        string? CustomerSystem,
        string? CustomerValue,
        OrderLine Item
    );

    /// <summary>
    /// One line of a purchase per CSV row; rows of one order follow one another. Columns: source, orderNumber, channel, currency,
    /// occurredAt, customerSystem, customerValue, productId, category, quantity, net; brand may be left out.
    /// </summary>
    static async IAsyncEnumerable<Row<RecordPurchase>> Csv(
        TextReader reader,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
        if (!await csv.ReadAsync())
            yield break;
        csv.ReadHeader();
        var (order, first) = (new List<Line>(), 1L);
        for (var number = 1L; await csv.ReadAsync(); number++)
        {
            ct.ThrowIfCancellationRequested();
            var (line, refused) = Read(csv, number);
            if (order.Count > 0 && (line is null || line.OrderNumber != order[0].OrderNumber || line.Source != order[0].Source))
            {
                yield return Purchase(first, order);
                order.Clear();
            }
            if (line is null)
            {
                yield return new(number, null, refused);
                continue;
            }
            if (order.Count == 0)
                first = number;
            order.Add(line);
        }
        if (order.Count > 0)
            yield return Purchase(first, order);
    }

    static Row<RecordPurchase> Purchase(long number, List<Line> lines)
    {
        var first = lines[0];
        return ImportRows.Checked(
            number,
            new RecordPurchase(
                Source: first.Source,
                OrderNumber: first.OrderNumber,
                Channel: first.Channel,
                Currency: first.Currency,
                Lines: [.. lines.Select(l => l.Item)],
                OccurredAt: first.OccurredAt,
                Customer: first.CustomerValue is null ? null : new(null, first.CustomerSystem, first.CustomerValue)
            )
        );
    }

    static (Line?, RowResult?) Read(CsvReader csv, long number)
    {
        string Text(string column) => csv.TryGetField<string>(column, out var value) ? value?.Trim() ?? "" : "";
        if (!DateTimeOffset.TryParse(Text("occurredAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return (null, RowResult.Refused(number, "invalid-request", "occurredAt is an instant like 2026-05-31T12:00:00Z", "occurredAt"));
        if (!decimal.TryParse(Text("quantity"), CultureInfo.InvariantCulture, out var quantity))
            return (null, RowResult.Refused(number, "invalid-request", "quantity is a number", "quantity"));
        if (!decimal.TryParse(Text("net"), CultureInfo.InvariantCulture, out var net))
            return (null, RowResult.Refused(number, "invalid-request", "net is an amount", "net"));
        string? Optional(string column) => Text(column) is { Length: > 0 } text ? text : null;
        return (
            new(
                Source: Text("source"),
                OrderNumber: Text("orderNumber"),
                Channel: Text("channel"),
                Currency: Text("currency"),
                OccurredAt: at,
                CustomerSystem: Optional("customerSystem"),
                CustomerValue: Optional("customerValue"),
                Item: new(Text("productId"), quantity, net, Optional("category"), Optional("brand"))
            ),
            null
        );
    }
}
