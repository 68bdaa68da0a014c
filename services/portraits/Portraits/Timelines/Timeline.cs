using System.Text.Json;
using CrmPlatform.Contracts;
using NpgsqlTypes;

namespace CrmPlatform.Portraits.Timelines;

/// <summary>One public fact about one customer.</summary>
/// <param name="EventId">Of the publisher's event. With the customer it is the entry's key: heard again, it is the same entry.</param>
/// <param name="Contract">Its wire name, <c>loyalty.points-earned</c>.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="RecordedAt">When the room that told it recorded it.</param>
/// <param name="Data">The contract as published.</param>
public sealed record Entry(
    Guid EventId,
    Guid CustomerId,
    string Contract,
    DateTimeOffset OccurredAt,
    DateTimeOffset RecordedAt,
    JsonElement Data
)
{
    /// <summary>
    /// What the entry says, as its contract; null where a newer version of this room heard it, whose contract is not known here.
    /// </summary>
    public required IAboutCustomer? Says { get; init; }

    /// <summary>
    /// The entry that a fact makes: none where it is internal, of a guest, or of a newer publisher whose contract is not known here yet.
    /// </summary>
    /// <exception cref="JsonException">The fact is unreadable.</exception>
    public static IEnumerable<Entry> Of(Fact fact)
    {
        if (
            ContractCatalogue.Find(fact.Contract) is { Internal: false } contract
            && Read(contract, fact.Data) is { CustomerId: { } customer } says
        )
            yield return new(fact.EventId, customer, fact.Contract, fact.OccurredAt, fact.RecordedAt, fact.Data) { Says = says };
    }

    public static IAboutCustomer? Read(string contract, JsonElement data) =>
        ContractCatalogue.Find(contract) is { } known ? Read(known, data) : null;

    static IAboutCustomer? Read(ContractName contract, JsonElement data) =>
        data.Deserialize(contract.Type, EventStoreOptions.Json) switch
        {
            null => throw new JsonException($"{contract.Name} without data"),
            IAboutCustomer about => about,
            _ => null,
        };
}

/// <summary>
/// Everything public that happened to each customer, in all rooms. Entries are only ever added; they hold no personal text, and stay when a
/// customer is forgotten. What happened at the same instant is ordered by event id.
/// </summary>
public static class Timeline
{
    public const string Table =
        """
            ;create table if not exists timeline (
                event_id uuid not null,
                customer_id uuid not null,
                contract text not null,
                occurred_at timestamptz not null,
                recorded_at timestamptz not null,
                data json not null,
                primary key (event_id, customer_id));
            create index if not exists timeline_of_customer on timeline (customer_id, occurred_at, event_id);
            grant select, insert on timeline to :app
            """ + Group.Index;

    /// <summary>Parameters 1 to 6 are <see cref="Values"/>.</summary>
    public const string Note = """
        insert into timeline (event_id, customer_id, contract, occurred_at, recorded_at, data)
        select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::json[])
        on conflict do nothing returning 1
        """;

    public static object[] Values(IReadOnlyList<Entry> entries) =>
        [
            Column(entries, e => e.EventId),
            Column(entries, e => e.CustomerId),
            Column(entries, e => e.Contract),
            Column(entries, e => e.OccurredAt.UtcDateTime),
            Column(entries, e => e.RecordedAt.UtcDateTime),
            new NpgsqlParameter
            {
                Value = Column(entries, e => e.Data.GetRawText()),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json,
            },
        ];

    /// <summary>Those that are not on the timeline yet.</summary>
    public static async Task<IReadOnlyList<Entry>> Unheard(NpgsqlDataSource db, IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        var heard = (
            await db.Query<(Guid, Guid)>(
                "select event_id, customer_id from timeline where event_id = any(@ids)",
                new { ids = Column(entries, e => e.EventId) },
                ct
            )
        ).ToHashSet();
        return [.. entries.Where(e => !heard.Contains((e.EventId, e.CustomerId)))];
    }

    /// <summary>What is on the timelines of these customers.</summary>
    /// <param name="asOf">What had happened by then; that a customer was forgotten is told always.</param>
    /// <param name="knownAt">What the rooms that told it had recorded by then.</param>
    public static async Task<IReadOnlyList<Entry>> Of(
        NpgsqlConnection connection,
        Guid[] customers,
        DateTimeOffset? asOf,
        DateTimeOffset? knownAt,
        CancellationToken ct
    )
    {
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(
                """
                select event_id as EventId, customer_id as CustomerId, contract, occurred_at as OccurredAt, recorded_at as RecordedAt,
                    data::text as Data from timeline
                where customer_id = any(@customers) and (contract = 'customers.customer-forgotten'
                  or (@asOf::timestamptz is null or occurred_at <= @asOf) and (@knownAt::timestamptz is null or recorded_at <= @knownAt))
                order by customer_id, occurred_at, event_id
                """,
                new
                {
                    customers,
                    asOf = asOf?.UtcDateTime,
                    knownAt = knownAt?.UtcDateTime,
                },
                cancellationToken: ct
            )
        );
        return
        [
            .. from row in rows
            let data = JsonSerializer.Deserialize<JsonElement>(row.Data)
            select new Entry(row.EventId, row.CustomerId, row.Contract, row.OccurredAt, row.RecordedAt, data)
            {
                Says = Entry.Read(row.Contract, data),
            },
        ];
    }

    static T[] Column<T>(IReadOnlyList<Entry> entries, Func<Entry, T> value) => [.. entries.Select(value)];

    sealed record Row(Guid EventId, Guid CustomerId, string Contract, DateTime OccurredAt, DateTime RecordedAt, string Data);
}
