using CrmPlatform.ServiceDesk.Customers;

namespace CrmPlatform.ServiceDesk.Imports;

/// <summary>Tickets of an earlier help desk in bulk, each with its history in one append.</summary>
public static class ImportTickets
{
    public static void Map(CrmService room) =>
        room.MapImport(
            TicketsFormat.Format,
            "Import tickets with their history (NDJSON or CSV)",
            "service-desk.import",
            [
                "customer-unknown",
                "customer-forgotten",
                "severity-of-complaints-only",
                "in-the-future",
                "before-last-event",
                "ticket-closed",
                "ticket-resolved",
                "ticket-not-resolved",
                "ticket-not-waiting",
                "cause-required",
                "reopen-window-over",
                "already-answered",
                "not-a-complaint",
                "not-assessed",
                "not-investigating",
                "proposal-open",
                "proposal-accepted",
                "proposal-answered",
                "no-proposal",
                "rounds-over",
                "until-passed",
                "remedy-amount",
                "already-compensated",
                "already-decided",
                "second-person",
                "cause-unknown",
                "cause-decided",
                "not-decided",
                "action-missing",
                "duplicate-ticket",
                "context-away",
            ],
            import => new Run(import).Write
        );

    sealed class Run(Import import)
    {
        readonly EventStore store = import.Services.GetRequiredService<EventStore>();
        readonly NpgsqlDataSource db = import.Services.GetRequiredService<NpgsqlDataSource>();
        readonly CustomerLookups lookups = import.Services.GetRequiredService<CustomerLookups>();
        readonly DeskRules rules = import.Services.GetRequiredService<DeskRules>().OnlyAt(import.Request.Now);

        /// <summary>What a dry run would have recorded, and by which row: a ticket that comes twice is noticed as in earnest.</summary>
        readonly Dictionary<Guid, (TicketHistory History, long Row)> would = [];

        public async Task<RowResult[]> Write(IReadOnlyList<Row<ImportTicket>> rows, CancellationToken ct)
        {
            var results = new Dictionary<long, RowResult>();
            var customers = await lookups.Of(rows, ticket => (ticket.CustomerId, ticket.Customer), results, import.Caller);
            var standings = await Known(rows, customers, ct);
            var good = rows.Where(r => customers.ContainsKey(r.Number)).ToList();
            var written = await store.Execute(
                import.Request,
                [.. good.Select(r => Of(r.Number, r.Command!, customers[r.Number], standings, results))],
                refusalsAsResults: true
            );
            foreach (var (row, result) in good.Zip(written))
                results.TryAdd(row.Number, RowResult.Of(row.Number, result));
            return [.. rows.Select(r => r.Refused ?? results[r.Number])];
        }

        /// <summary>The standing of those who exist: as the desk has heard it, or none of somebody whom only customers knows.</summary>
        async Task<Dictionary<Guid, Standing>> Known(
            IReadOnlyList<Row<ImportTicket>> rows,
            Dictionary<long, Guid> customers,
            CancellationToken ct
        )
        {
            var standings = await Standing.Of(db, customers.Values, ct);
            // Who was named by an external id was found at customers just now.
            var named = rows.Where(r => r.Command?.Customer is not null && customers.ContainsKey(r.Number))
                .Select(r => customers[r.Number]);
            foreach (var customer in named)
                standings.TryAdd(customer, Standing.Nothing);
            foreach (var customer in await lookups.Known(customers.Values.Where(id => !standings.ContainsKey(id)), import.Caller))
                standings[customer] = Standing.Nothing;
            return standings;
        }

        Write Of(
            long number,
            ImportTicket command,
            Guid customer,
            Dictionary<Guid, Standing> standings,
            Dictionary<long, RowResult> results
        ) =>
            EventSourcing
                .Write.To(
                    TicketHistory.Of(command.IdOf()),
                    there =>
                    {
                        var id = command.IdOf();
                        if (import.DryRun && would.TryGetValue(id, out var earlier) && earlier.Row < number)
                            there = earlier.History;
                        var facts = command.Decide(
                            there,
                            customer,
                            standings.GetValueOrDefault(customer),
                            rules,
                            import.Request.Actor,
                            import.Request.Now
                        );
                        if (!import.DryRun || facts.Length == 0)
                            return facts;
                        would[id] = (facts.Aggregate(there, (history, fact) => history.Evolve(fact)), number);
                        results[number] = new(number, "would-record", id);
                        return [];
                    }
                )
                .From(import.From(Keys.Normal(command.Source)));
    }
}
