using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Imports;

/// <summary>Returns in bulk.</summary>
public static class ImportReturns
{
    public static void Map(CrmService room) =>
        room.MapImport(
            ReturnsFormat.Format,
            "Import returns (NDJSON or CSV)",
            "customers.import",
            [
                "purchase-unknown",
                "wholly-returned",
                "return-exceeds-purchase",
                "return-before-purchase",
                "in-the-future",
                "product-not-purchased",
                "duplicate-return",
            ],
            import => (rows, ct) => Write(import, rows, ct)
        );

    static async Task<RowResult[]> Write(Import import, IReadOnlyList<Row<ReturnByOrderNumber>> rows, CancellationToken ct)
    {
        var store = import.Services.GetRequiredService<EventStore>();
        var results = new Dictionary<long, RowResult>();
        var writes = new List<(long Number, Guid Id, Func<Guid, Write> Write)>();
        foreach (var row in rows)
            if (row.Command is { } command)
            {
                var order = await Order.IdOf(command.Source, command.OrderNumber, store, ct);
                writes.Add((row.Number, order, id => Of(row.Number, command, id)));
            }
        var written = await Retold.Execute(store, import.Request, [.. writes.Select(w => (w.Id, w.Write))]);
        foreach (var ((number, _, _), result) in writes.Zip(written))
            results.TryAdd(number, RowResult.Of(number, result));
        return [.. rows.Select(r => r.Refused ?? results[r.Number])];

        Write Of(long number, ReturnByOrderNumber command, Guid id) =>
            EventSourcing
                .Write.To(
                    Order.Of(id),
                    order =>
                    {
                        var facts = Decided(command, order.Current(id), id);
                        if (!import.DryRun || facts.Length == 0)
                            return facts;
                        results[number] = new(number, "would-record", ReturnGoods.IdOf(id, command.ReturnNumber));
                        return [];
                    }
                )
                .From(import.From(command.Source));

        IOrderEvent[] Decided(ReturnByOrderNumber command, Order order, Guid id)
        {
            try
            {
                return command.Decide(order, id, import.Request.Now);
            }
            catch (BadRequestException e)
            {
                // Amounts can be checked only with the purchase, whose currency they have.
                throw new RuleViolationException("invalid-request", e.Message, e.Field);
            }
        }
    }
}
