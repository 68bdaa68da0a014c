using System.Text.Json;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>What is stored of one customer to judge them by.</summary>
sealed class ChurnRow(Guid customerId)
{
    public Guid CustomerId { get; } = customerId;

    /// <summary>Under whose id the customer is judged; null for their own.</summary>
    public Guid? SurvivorId { get; set; }

    /// <summary>Number of the last event that is in the row.</summary>
    public long Through { get; set; }

    /// <summary>The customer's own purchases.</summary>
    public List<ChurnOrder> Orders { get; private init; } = [];

    /// <summary>What was recorded.</summary>
    public CustomerChurn Churn { get; set; } = CustomerChurn.Initial;
    public bool Forgotten { get; set; }

    const string Columns = "customer_id, survivor_id, through, orders::text, churn::text";

    /// <summary>The rows of customers and of all who are one with them.</summary>
    public static async Task<Dictionary<Guid, ChurnRow>> Around(NpgsqlConnection connection, Guid[] customers, CancellationToken ct) =>
        (
            await connection.QueryAsync<(Guid Customer, Guid? Survivor, long Through, string Orders, string Churn)>(
                new CommandDefinition(
                    $"""
                    with near as (
                        select unnest(@customers) as id
                        union select survivor_id from churn_facts where customer_id = any(@customers) and survivor_id is not null)
                    select {Columns} from churn_facts where customer_id = any(array(select id from near))
                    union all
                    select {Columns} from churn_facts
                    where survivor_id = any(array(select id from near)) and customer_id <> all(array(select id from near))
                    """,
                    new { customers },
                    cancellationToken: ct
                )
            )
        )
            .Select(r => new ChurnRow(r.Customer)
            {
                SurvivorId = r.Survivor,
                Through = r.Through,
                Orders = JsonSerializer.Deserialize<List<ChurnOrder>>(r.Orders, EventStoreOptions.Json)!,
                Churn = JsonSerializer.Deserialize<CustomerChurn>(r.Churn, EventStoreOptions.Json)!,
            })
            .ToDictionary(r => r.CustomerId);

    /// <summary>By what the customer is judged: with the purchases of all who are judged under their id.</summary>
    public ChurnFacts Facts(IEnumerable<ChurnRow> members) =>
        new(
            CustomerId,
            SurvivorId is not null,
            [.. members.Where(m => !m.Forgotten).Prepend(this).SelectMany(m => m.Orders).OrderBy(o => o.At).ThenBy(o => o.Id)]
        );

    /// <summary>When what is recorded is first not what the facts mean: in the past where that is so already.</summary>
    public DateTimeOffset? DueAt(ChurnFacts facts, ChurnYardstick by, DateTimeOffset now) =>
        Churn.Judge(facts, by, now).Length > 0 ? DateTimeOffset.UnixEpoch : Churn.Next(facts, by, now);

    public void Write(DateTimeOffset? due, SqlBatch sql)
    {
        if (Forgotten)
        {
            sql.Add("delete from churn_facts where customer_id = $1", CustomerId);
            return;
        }
        sql.Add(
            """
            insert into churn_facts (customer_id, survivor_id, through, due_at, orders, churn)
            values ($1, $2::uuid, $3, $4::timestamptz, $5::jsonb, $6::jsonb)
            on conflict (customer_id) do update set (survivor_id, through, due_at, orders, churn) =
                (excluded.survivor_id, excluded.through, excluded.due_at, excluded.orders, excluded.churn)
            """,
            CustomerId,
            SurvivorId,
            Through,
            due,
            JsonSerializer.Serialize(Orders, EventStoreOptions.Json),
            JsonSerializer.Serialize(Churn, EventStoreOptions.Json)
        );
    }

    /// <summary>Rows that are due at another instant, unless they have changed meanwhile.</summary>
    public static Task Move(NpgsqlConnection connection, List<(ChurnRow Row, DateTimeOffset? DueAt)> moved, CancellationToken ct) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                """
                update churn_facts f set due_at = m.due_at
                from unnest(@ids, @through, @due::timestamptz[]) m(customer_id, through, due_at)
                where f.customer_id = m.customer_id and f.through = m.through and f.due_at is distinct from m.due_at
                """,
                new
                {
                    ids = moved.Select(m => m.Row.CustomerId).ToArray(),
                    through = moved.Select(m => m.Row.Through).ToArray(),
                    due = moved.Select(m => m.DueAt).ToArray(),
                },
                cancellationToken: ct
            )
        );
}
