using System.Security.Cryptography;
using System.Text.Json;
using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Imports;

/// <summary>Purchases in bulk.</summary>
public static class ImportPurchases
{
    public static void Map(CrmService room) =>
        room.MapImport(
            PurchasesFormat.Format,
            "Import purchases (NDJSON or CSV)",
            "customers.import",
            [
                "customer-unknown",
                "in-the-future",
                "rate-missing",
                "rate-not-one",
                "amount-out-of-range",
                "negative-purchase",
                "duplicate-order",
            ],
            import => new Run(import).Write
        );

    sealed class Run(Import import)
    {
        readonly EventStore store = import.Services.GetRequiredService<EventStore>();
        readonly KnownCustomers customers = import.Services.GetRequiredService<KnownCustomers>();
        readonly string currency = import.Services.GetRequiredService<Business>().Currency;

        public async Task<RowResult[]> Write(IReadOnlyList<Row<RecordPurchase>> rows, CancellationToken ct)
        {
            var results = new Dictionary<long, RowResult>();
            var references = new Dictionary<long, CustomerRef?>();
            foreach (var row in rows.Where(r => r.Command is not null))
                try
                {
                    row.Command!.Check();
                    references[row.Number] = KnownCustomers.Normalised(row.Command.CustomerId, row.Command.Customer);
                }
                catch (BadRequestException e)
                {
                    results[row.Number] = RowResult.Refused(row.Number, "invalid-request", e.Message, e.Field);
                }
            var known = await customers.Resolve([.. references.Values.OfType<CustomerRef>().Distinct()], ct);
            var good = new List<(long Number, Guid Id, RecordPurchase Command, Guid? Customer)>();
            foreach (var row in rows)
                if (references.TryGetValue(row.Number, out var reference))
                {
                    var customer = reference is null ? null : known[reference];
                    if (reference is null || customer is not null)
                    {
                        var id = await Order.IdOf(row.Command!.Source, row.Command.OrderNumber, store, ct);
                        good.Add((row.Number, id, row.Command, customer));
                    }
                    else
                        results[row.Number] = RowResult.Refused(
                            row.Number,
                            "customer-unknown",
                            KnownCustomers.Unknown().Message,
                            "customer"
                        );
                }
            var written = await Retold.Execute(
                store,
                import.Request,
                [.. good.Select(g => (g.Id, (Func<Guid, Write>)(id => Of(g.Number, id, g.Command, g.Customer, results))))]
            );
            foreach (var (g, result) in good.Zip(written))
                results.TryAdd(g.Number, RowResult.Of(g.Number, result));
            return [.. rows.Select(r => r.Refused ?? results[r.Number])];
        }

        Write Of(long number, Guid id, RecordPurchase command, Guid? customer, Dictionary<long, RowResult> results) =>
            EventSourcing
                .Write.To(
                    Order.Of(id),
                    order =>
                    {
                        var facts = command.Decide(order.Current(id), customer, currency, import.Request.Now);
                        if (!import.DryRun || facts.Length == 0)
                            return facts;
                        results[number] = import.Earlier(id, Content(facts), number) switch
                        {
                            null => new(number, "would-record", id),
                            (_, true) => new(number, "unchanged", id),
                            (var earlier, false) => RowResult.Refused(
                                number,
                                "duplicate-order",
                                "An earlier row has the same order number and says something else.",
                                "orderNumber",
                                earlier
                            ),
                        };
                        return [];
                    }
                )
                .From(import.From(command.Source));

        static Guid Content(IOrderEvent[] facts) =>
            new(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes<object[]>(facts, EventStoreOptions.Json)).AsSpan(0, 16));
    }
}
