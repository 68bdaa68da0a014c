using System.Security.Cryptography;
using System.Text.Json;
using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using Directory = CrmPlatform.Customers.Profiles.Directory;

namespace CrmPlatform.Customers.Imports;

/// <summary>Customers in bulk.</summary>
public static class ImportCustomers
{
    public static void Map(CrmService room) =>
        room.MapImport(
            CustomersFormat.Format,
            "Import customers (NDJSON or CSV)",
            "customers.import",
            [
                "in-the-future",
                "invalid-tag",
                "enterprise-only",
                "unknown-role",
                "birth-date-in-future",
                "invalid-contact",
                "customer-forgotten",
                "duplicate-identity",
                "registered-differently",
                "duplicate-customer",
            ],
            import => new Run(import).Write
        );

    sealed class Run(Import import)
    {
        readonly EventStore store = import.Services.GetRequiredService<EventStore>();
        readonly KnownCustomers customers = import.Services.GetRequiredService<KnownCustomers>();
        readonly Business business = import.Services.GetRequiredService<Business>();
        readonly DuplicateCheck duplicates = import.Services.GetRequiredService<DuplicateCheck>();

        public async Task<RowResult[]> Write(IReadOnlyList<Row<RegisterCustomer>> rows, CancellationToken ct)
        {
            if (rows.Count > 1 && rows.Any(r => r.Command is { } c && duplicates.Blocks(c)))
            {
                // A row must find the customer of the row before it.
                var each = new List<RowResult>();
                foreach (var row in rows)
                    each.AddRange(await Write([row], ct));
                return [.. each];
            }
            try
            {
                return await Write(rows, import.DryRun, ct);
            }
            catch (PostgresException e) when (e.ConstraintName == Directory.ExternalIds)
            {
                // A row has an external id that another row, or another client, has just registered: one by one that is found.
                var results = new List<RowResult>();
                foreach (var row in rows)
                    results.Add(await Alone(row, ct));
                return [.. results];
            }
        }

        async Task<RowResult> Alone(Row<RegisterCustomer> row, CancellationToken ct)
        {
            try
            {
                return (await Write([row], dry: false, ct))[0];
            }
            catch (PostgresException e) when (e.ConstraintName == Directory.ExternalIds)
            {
                return RowResult.Refused(
                    row.Number,
                    "duplicate-identity",
                    "An external id of this row belongs to another customer.",
                    "externalIds"
                );
            }
        }

        async Task<RowResult[]> Write(IReadOnlyList<Row<RegisterCustomer>> rows, bool dry, CancellationToken ct)
        {
            var good = rows.Where(r => r.Command is not null).Select(r => (r.Number, Command: r.Command!)).ToList();
            var references = good.SelectMany(g => g.Command.Ids.Concat(g.Command.OldIds)).Distinct();
            var known = await customers.Resolve([.. references.Select(x => new CustomerRef(null, x.System, x.Value))], ct);
            var results = new Dictionary<long, RowResult>();
            var writes = new List<(long Number, Write Write)>();
            foreach (var (number, command) in good)
                try
                {
                    var content = Content(command);
                    var id =
                        KnownCustomers.OneOf(command.Ids.Concat(command.OldIds).Select(x => known[new(null, x.System, x.Value)]))
                        ?? command.IdOr(NameId.For("import", import.Id, content.ToString()));
                    if (duplicates.Blocks(command))
                        await duplicates.Of(id, command, ct);
                    writes.Add((number, Of(number, command, id, content, dry, results)));
                }
                catch (RuleViolationException e)
                {
                    results[number] = RowResult.Refused(number, e.Code, e.Message, e.Field);
                }
            var written = await store.Execute(import.Request, [.. writes.Select(w => w.Write)], refusalsAsResults: true);
            foreach (var ((number, _), result) in writes.Zip(written))
                results.TryAdd(number, RowResult.Of(number, result));
            return [.. rows.Select(r => r.Refused ?? results[r.Number])];
        }

        Write Of(long number, RegisterCustomer command, Guid id, Guid content, bool dry, Dictionary<long, RowResult> results) =>
            EventSourcing
                .Write.To(
                    Customer.Of(id),
                    customer =>
                    {
                        var facts = command.Decide(customer, id, import.Request.Now, business.Region, TagOrigin.Import);
                        if (!dry || facts.Length == 0)
                            return facts;
                        results[number] = import.Earlier(id, content, number) switch
                        {
                            null => new(number, "would-record", id),
                            (_, true) => new(number, "unchanged", id),
                            (var earlier, false) => RowResult.Refused(
                                number,
                                "registered-differently",
                                "An earlier row has the same external id and says something else.",
                                "externalIds",
                                earlier
                            ),
                        };
                        return [];
                    }
                )
                .From(import.From(command.Source));

        /// <summary>What the row says, in few characters.</summary>
        static Guid Content(RegisterCustomer command) =>
            new(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command, EventStoreOptions.Json)).AsSpan(0, 16));
    }
}
