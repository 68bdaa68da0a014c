using System.Security.Cryptography;
using System.Text.Json;
using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Sources;
using CrmPlatform.Customers.Tags;
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
                "tag-retired",
                "too-many-tags",
                "duplicate-customer",
                .. ProfileGate.Codes,
            ],
            import => new Run(import).Write
        );

    sealed class Run(Import import)
    {
        readonly EventStore store = import.Services.GetRequiredService<EventStore>();
        readonly KnownCustomers customers = import.Services.GetRequiredService<KnownCustomers>();
        readonly KnownTags tags = import.Services.GetRequiredService<KnownTags>();
        readonly Business business = import.Services.GetRequiredService<Business>();
        readonly AskProfileGate gate = import.Services.GetRequiredService<AskProfileGate>();
        readonly DuplicateCheck duplicates = import.Services.GetRequiredService<DuplicateCheck>();

        public async Task<RowResult[]> Write(IReadOnlyList<Row<RegisterCustomer>> rows, CancellationToken ct)
        {
            if (rows.Count > 1 && await Blocked(rows, ct))
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
            catch (PostgresException e) when (e.ConstraintName is Directory.ExternalIds or TagDictionary.Limit)
            {
                // A row has an external id that another row, or another client, has just registered, or a word that is one too many for the
                // dictionary of tags: one by one that is found.
                var results = new List<RowResult>();
                foreach (var row in rows)
                    results.Add(await Alone(row, ct));
                return [.. results];
            }
        }

        async Task<bool> Blocked(IReadOnlyList<Row<RegisterCustomer>> rows, CancellationToken ct)
        {
            foreach (var row in rows)
                if (row.Command is { } command && await duplicates.Blocks(command, ct))
                    return true;
            return false;
        }

        async Task<RowResult> Alone(Row<RegisterCustomer> row, CancellationToken ct)
        {
            try
            {
                return (await TagDictionary.Within(() => Write([row], dry: false, ct)))[0];
            }
            catch (RuleViolationException e)
            {
                return RowResult.Refused(row.Number, e.Code, e.Message, e.Field);
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
            var codes = await tags.CodesOf(good.SelectMany(g => g.Command.Tags ?? []), ct);
            var pass = await gate(ct);
            var results = new Dictionary<long, RowResult>();
            var writes = new List<(long Number, Guid Id, Func<Guid, Write> Write)>();
            foreach (var (number, command) in good)
                try
                {
                    var content = Content(command);
                    var id =
                        KnownCustomers.OneOf(command.Ids.Concat(command.OldIds).Select(x => known[new(null, x.System, x.Value)]))
                        ?? command.IdOr(NameId.For("import", import.Id, content.ToString()));
                    if (await duplicates.Blocks(command, ct))
                        await duplicates.Of(id, command, ct);
                    List<string> words = [.. (command.Tags ?? []).Select(t => codes[Keys.Normal(t)]).Distinct()];
                    writes.Add((number, id, customer => Of(number, command, customer, words, content, dry, results, pass)));
                }
                catch (RuleViolationException e)
                {
                    results[number] = RowResult.Refused(number, e.Code, e.Message, e.Field);
                }
            var written = await Retold.Execute(store, import.Request, [.. writes.Select(w => (w.Id, w.Write))]);
            foreach (var ((number, _, _), result) in writes.Zip(written))
                results.TryAdd(number, RowResult.Of(number, result));
            return [.. rows.Select(r => r.Refused ?? results[r.Number])];
        }

        Write Of(
            long number,
            RegisterCustomer command,
            Guid id,
            IReadOnlyList<string> codes,
            Guid content,
            bool dry,
            Dictionary<long, RowResult> results,
            PassProfileGate pass
        ) =>
            TagWrites
                .To(
                    id,
                    codes,
                    (customer, words) =>
                    {
                        var facts = pass(
                            customer,
                            command.Decide(customer.Current(id), id, import.Request.Now, business.Region, words, TagOrigin.Import)
                        );
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
