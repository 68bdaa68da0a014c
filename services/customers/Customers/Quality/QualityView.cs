using System.Collections.Immutable;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>
/// Per customer which checks fail since when, when contacts and addresses were verified, and what was waived: what rules need for a score
/// at any moment. It follows the log within a moment, and holds no personal text.
/// </summary>
public sealed class QualityView(Business business) : IProjection
{
    public string Name => "customer-quality";

    public string Ddl =>
        """
            create table if not exists customer_quality (
                customer_id uuid primary key, kind text not null, source text,
                failed text[] not null, since timestamptz[] not null, contacts timestamptz[] not null, addresses timestamptz[] not null,
                oldest_contact timestamptz, oldest_address timestamptz,
                waived text[] not null, reasons text[] not null, until timestamptz[] not null);
            create index if not exists customer_quality_failed on customer_quality using gin (failed);
            create index if not exists customer_quality_contact on customer_quality (oldest_contact);
            create index if not exists customer_quality_address on customer_quality (oldest_address);
            create index if not exists customer_quality_waived on customer_quality (customer_id) where waived <> '{}';
            create index if not exists customer_quality_source on customer_quality (source, customer_id)
            """;

    public TimeSpan Rest => TimeSpan.FromMilliseconds(20);

    public void Register(EventHandlers on) => on.OnFold<IQualityFact>(Fold);

    async Task Fold(IReadOnlyList<RecordedEvent> page, NpgsqlConnection connection, SqlBatch sql, CancellationToken ct)
    {
        var touched = page.Select(e => e.StreamId).Distinct().ToArray();
        var states = new Dictionary<Guid, Assessment?>(touched.Length);
        await foreach (var (customer, row) in QualityRows.Read(connection, "where customer_id = any($1)", ct, touched))
            states[customer] = row;
        foreach (var e in page)
            states[e.StreamId] = Assessment.After(states.GetValueOrDefault(e.StreamId), e, business.Region);
        foreach (var customer in touched)
            if (states[customer] is { } state)
                QualityRows.Write(customer, state, sql);
            else
                sql.Add("delete from customer_quality where customer_id = $1", customer);
    }
}
