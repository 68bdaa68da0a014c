using System.ComponentModel;
using CrmPlatform.Customers.Groups;

namespace CrmPlatform.Customers.Orders;

/// <summary>A purchase in a list.</summary>
public sealed record PurchaseListed
{
    /// <summary>Id of the purchase.</summary>
    public Guid Id { get; init; }

    /// <summary>Id of the customer; null for a guest.</summary>
    public Guid? CustomerId { get; init; }

    /// <summary>The shop that numbers its orders.</summary>
    public string Source { get; init; } = "";

    /// <summary>The shop's number of the order.</summary>
    public string OrderNumber { get; init; } = "";

    /// <summary>Where it was bought: <c>store</c>, <c>web</c>, <c>app</c>.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Currency of net and returned, ISO 4217.</summary>
    public string Currency { get; init; } = "";

    /// <summary>What was paid, after discounts.</summary>
    public decimal Net { get; init; }

    /// <summary>What was given back so far.</summary>
    public decimal Returned { get; init; }

    /// <summary>Net in the base currency.</summary>
    public decimal BaseNet { get; init; }

    /// <summary>When it was bought.</summary>
    public DateTimeOffset OccurredAt { get; init; }
}

/// <summary>The list of purchases. It follows the log within a moment; one purchase is read from the log itself.</summary>
public sealed class GetPurchases : IProjection
{
    public string Name => "purchase-list";

    public string Ddl =>
        """
            create table if not exists purchase_list (
                id uuid primary key, customer_id uuid, source text not null, order_number text not null, channel text not null,
                currency text not null, net numeric not null, returned numeric not null default 0, base_net numeric not null,
                occurred_at timestamptz not null);
            create index if not exists purchase_list_time on purchase_list (occurred_at, id);
            create index if not exists purchase_list_customer on purchase_list (customer_id, occurred_at, id);
            create index if not exists purchase_list_number on purchase_list (order_number, source)
            """;

    public TimeSpan Rest => TimeSpan.FromMilliseconds(100);

    public void Register(EventHandlers on) =>
        on.OnPage<IOrderEvent>(
            (page, sql) =>
            {
                var made = page.Where(e => e.Data is PurchaseMade).Select(e => (e.StreamId, Made: (PurchaseMade)e.Data)).ToList();
                if (made.Count > 0)
                    sql.Add(
                        """
                        insert into purchase_list (id, customer_id, source, order_number, channel, currency, net, base_net, occurred_at)
                        select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[],
                            $8::numeric[], $9::timestamptz[])
                        """,
                        made.Select(m => m.StreamId).ToArray(),
                        made.Select(m => m.Made.CustomerId).ToArray(),
                        made.Select(m => m.Made.Source).ToArray(),
                        made.Select(m => m.Made.OrderNumber).ToArray(),
                        made.Select(m => m.Made.Channel).ToArray(),
                        made.Select(m => m.Made.Currency).ToArray(),
                        made.Select(m => m.Made.Net).ToArray(),
                        made.Select(m => m.Made.BaseNet).ToArray(),
                        made.Select(m => m.Made.OccurredAt).ToArray()
                    );
                foreach (var back in page.Where(e => e.Data is GoodsReturned).GroupBy(e => e.StreamId))
                    sql.Add(
                        "update purchase_list set returned = returned + $2 where id = $1",
                        back.Key,
                        back.Sum(e => ((GoodsReturned)e.Data).Net)
                    );
                // A retracted id does not come back: whatever a page tells of it, the retraction is the last.
                if (page.Where(e => e.Data is PurchaseRetracted).Select(e => e.StreamId).ToArray() is { Length: > 0 } retracted)
                    sql.Add("delete from purchase_list where id = any($1)", retracted);
            }
        );

    public static void Map(CrmService room) =>
        room.MapGet(
            "purchases",
            "List purchases",
            "customers.read",
            async (
                [Description("Only purchases of this customer and those with whom it is one.")] Guid? customerId,
                [Description("Only purchases on this channel.")] string? channel,
                [Description("Only purchases of this shop.")] string? source,
                [Description("Only purchases with this number.")] string? orderNumber,
                DateTimeOffset? from,
                DateTimeOffset? until,
                [Description("-occurredAt for the newest first (default), occurredAt for the oldest first.")] string? sort,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                KnownGroups groups,
                CancellationToken ct
            ) =>
            {
                var newestFirst = sort switch
                {
                    null or "-occurredAt" => true,
                    "occurredAt" => false,
                    _ => throw new BadRequestException("sort", "occurredAt or -occurredAt (newest first)"),
                };
                var size = PageLimit.Of(limit);
                var (at, id) = TimeCursor.Parse(after);
                var members = customerId is { } customer ? await groups.MembersOf(customer, ct) : [];
                var rows = await db.Query<PurchaseListed>(
                    $"""
                    select id, customer_id, source, order_number, channel, currency, net, returned, base_net, occurred_at from purchase_list
                    where {By(members)} and (@channel::text is null or channel = @channel)
                        and (@source::text is null or source = @source) and (@orderNumber::text is null or order_number = @orderNumber)
                        and (@begin::timestamptz is null or occurred_at >= @begin) and (@end::timestamptz is null or occurred_at < @end)
                        and (@at::timestamptz is null or (occurred_at, id) {(newestFirst ? "<" : ">")} (@at, @id))
                    order by occurred_at {(newestFirst ? "desc, id desc" : ", id")} limit @size + 1
                    """,
                    new
                    {
                        members = members.ToArray(),
                        channel,
                        source = source is null ? null : Keys.Normal(source),
                        orderNumber = orderNumber is null ? null : Keys.Normal(orderNumber),
                        begin = from,
                        end = until,
                        at,
                        id,
                        size,
                    },
                    ct
                );
                return Page.Of(rows, size, last => TimeCursor.Of(last.OccurredAt, last.Id));
            }
        );

    // For one customer the list is read in the order of the index.
    static string By(IReadOnlyList<Guid> members) =>
        members.Count switch
        {
            0 => "true",
            1 => "customer_id = @members[1]",
            _ => "customer_id = any(@members)",
        };
}
