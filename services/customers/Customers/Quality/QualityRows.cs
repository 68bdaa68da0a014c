using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>Assessments as rows of the view.</summary>
static class QualityRows
{
    const string Columns = "kind, source, failed, since, contacts, addresses, waived, reasons, until";

    /// <param name="where">What follows the table's name, with parameters $1 and so on.</param>
    public static async IAsyncEnumerable<(Guid Customer, Assessment State)> Read(
        NpgsqlConnection connection,
        string where,
        [EnumeratorCancellation] CancellationToken ct,
        params object[] values
    )
    {
        await using var command = new NpgsqlCommand($"select {Columns}, customer_id from customer_quality {where}", connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            yield return (rows.GetGuid(9), Of(rows));
    }

    /// <summary>How many customers have each assessment, with a source or of all.</summary>
    public static async IAsyncEnumerable<(Assessment State, long Customers)> Counted(
        NpgsqlConnection connection,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        const string grouped = "kind, source, failed, contacts, addresses, waived, reasons, until";
        await using var command = new NpgsqlCommand(
            $"""
            select kind, source, failed, '{"{}"}'::timestamptz[] as since, contacts, addresses, waived, reasons, until, count(*)
            from customer_quality group by {grouped}
            """,
            connection
        );
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            yield return (Of(rows), rows.GetInt64(9));
    }

    public static void Write(Guid customer, Assessment state, SqlBatch sql)
    {
        var failed = state.Checks.Where(c => c.Value.Fails).OrderBy(c => c.Key, StringComparer.Ordinal).ToList();
        var waived = state.Waived.OrderBy(w => w.Key, StringComparer.Ordinal).ToList();
        sql.Add(
            $"""
            insert into customer_quality (customer_id, {Columns}, oldest_contact, oldest_address)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict (customer_id) do update set failed = excluded.failed, since = excluded.since, contacts = excluded.contacts,
                addresses = excluded.addresses, waived = excluded.waived, reasons = excluded.reasons, until = excluded.until,
                oldest_contact = excluded.oldest_contact, oldest_address = excluded.oldest_address
            """,
            customer,
            state.Kind,
            state.Source,
            failed.Select(f => f.Key).ToArray(),
            failed.Select(f => f.Value.Since.At).ToArray(),
            state.Contacts.Select(c => c?.At).ToArray(),
            state.Addresses.Select(a => a?.At).ToArray(),
            waived.Select(w => w.Key).ToArray(),
            waived.Select(w => w.Value.Reason).ToArray(),
            waived.Select(w => w.Value.Until).ToArray(),
            state.Contacts.Min(c => c?.At),
            state.Addresses.Min(a => a?.At)
        );
    }

    static Assessment Of(NpgsqlDataReader row)
    {
        var (failed, since) = (row.GetFieldValue<string[]>(2), row.GetFieldValue<DateTimeOffset[]>(3));
        var (waived, reasons, until) = (
            row.GetFieldValue<string[]>(6),
            row.GetFieldValue<string[]>(7),
            row.GetFieldValue<DateTimeOffset?[]>(8)
        );
        return new(
            Enum.Parse<CustomerKind>(row.GetString(0)),
            row.IsDBNull(1) ? null : row.GetString(1),
            !failed.Contains(RequiredChecks.Consent),
            failed
                .Select((id, i) => KeyValuePair.Create(id, new Assessment.Result(true, new(since.ElementAtOrDefault(i), default))))
                .ToImmutableDictionary(),
            Marks(4),
            Marks(5),
            waived.Select((rule, i) => KeyValuePair.Create(rule, new Assessment.Waiver(reasons[i], until[i]))).ToImmutableDictionary()
        );

        ImmutableArray<Assessment.Mark?> Marks(int column) =>
            [
                .. row.GetFieldValue<DateTimeOffset?[]>(column)
                    .Select(at => at is { } verified ? new Assessment.Mark(verified, default) : null),
            ];
    }
}
