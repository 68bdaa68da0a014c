using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using CrmPlatform.Portraits.Profiles;

namespace CrmPlatform.Portraits.Timelines;

/// <summary>One ordered timeline over all rooms, newest first; what happened at the same instant by event id.</summary>
public static class GetTimeline
{
    /// <summary>An entry of the timeline.</summary>
    /// <param name="EventId">Id of the publisher's event.</param>
    /// <param name="CustomerId">Of whom it was told: the customer who was asked for, or one who is one with them.</param>
    /// <param name="Context">The room that told it: <c>loyalty</c>.</param>
    /// <param name="Contract">Wire name of the contract: <c>loyalty.points-earned</c>.</param>
    /// <param name="RecordedAt">When the room that told it recorded it.</param>
    /// <param name="Data">The contract as published: docs/schemas.</param>
    public sealed record Item(
        Guid EventId,
        Guid CustomerId,
        string Context,
        string Contract,
        DateTimeOffset OccurredAt,
        DateTimeOffset RecordedAt,
        JsonElement Data
    );

    sealed record Row(Guid EventId, Guid CustomerId, string Contract, DateTime OccurredAt, DateTime RecordedAt, string Data)
    {
        public Item Item =>
            new(
                EventId,
                CustomerId,
                Contract[..Contract.IndexOf('.', StringComparison.Ordinal)],
                Contract,
                OccurredAt,
                RecordedAt,
                JsonSerializer.Deserialize<JsonElement>(Data)
            );
    }

    public static void Map(CrmService room) =>
        room.MapGet(
                "/api/customers/{id:guid}/timeline",
                "A customer's timeline over all rooms",
                "customers.read",
                async (
                    Guid id,
                    [Description("Only what this room told: loyalty.")] string? context,
                    [Description("Only this contract: loyalty.points-earned.")] string? contract,
                    [Description("Only what happened on this channel.")] string? channel,
                    DateTimeOffset? from,
                    DateTimeOffset? to,
                    int? limit,
                    string? after,
                    HttpContext http,
                    NpgsqlDataSource db,
                    CustomerProfiles customers,
                    CancellationToken ct
                ) =>
                {
                    var size = PageLimit.Of(limit);
                    var (beforeAt, beforeEvent, beforeCustomer) = Cursor(after);
                    List<Row> rows;
                    bool known;
                    await using (var connection = await db.OpenConnectionAsync(ct))
                    {
                        rows = (
                            await connection.QueryAsync<Row>(
                                new CommandDefinition(
                                    $"""
                                    with g as materialized ({Group.Last})
                                    select t.* from ({Group.Ids}) m cross join lateral (
                                        select event_id as EventId, customer_id as CustomerId, contract, occurred_at as OccurredAt,
                                            recorded_at as RecordedAt, data::text as Data from timeline
                                        where customer_id = m.id
                                          and (@context::text is null or split_part(contract, '.', 1) = @context)
                                              and (@contract::text is null or contract = @contract)
                                          and (@channel::text is null or data->>'channel' = @channel)
                                          and (@from::timestamptz is null or occurred_at >= @from)
                                              and (@to::timestamptz is null or occurred_at < @to)
                                          and (@beforeAt::timestamptz is null or (occurred_at, event_id) <= (@beforeAt, @beforeEvent)
                                              and (occurred_at, event_id, customer_id) < (@beforeAt, @beforeEvent, @beforeCustomer))
                                        order by occurred_at desc, event_id desc limit @size + 1) t
                                    order by OccurredAt desc, EventId desc, CustomerId desc limit @size + 1
                                    """,
                                    new
                                    {
                                        id,
                                        context,
                                        contract,
                                        channel,
                                        from = from?.UtcDateTime,
                                        to = to?.UtcDateTime,
                                        beforeAt,
                                        beforeEvent,
                                        beforeCustomer,
                                        knownAt = (DateTime?)null,
                                        size,
                                    },
                                    cancellationToken: ct
                                )
                            )
                        ).AsList();
                        known =
                            rows.Count > 0
                            || await connection.ExecuteScalarAsync<bool>(
                                new CommandDefinition(
                                    $"""
                                    with g as ({Group.Last})
                                    select exists (select 1 from timeline where customer_id = any(array({Group.Ids})))
                                    """,
                                    new { id, knownAt = (DateTime?)null },
                                    cancellationToken: ct
                                )
                            );
                    }
                    // Nothing heard yet is no answer to whether there is such a customer.
                    if (!known && await customers.Of(id, null, null, http) is null)
                        return Answer.NotFound("customer", id);
                    return Results.Ok(Page.Of(rows, size, r => r.Item, Cursor));
                }
            )
            .Produces<Page<Item>>();

    static string Cursor(Row last) =>
        $"{last.OccurredAt.Ticks.ToString(CultureInfo.InvariantCulture)}-{last.EventId:N}-{last.CustomerId:N}";

    static (DateTime? At, Guid Event, Guid Customer) Cursor(string? after)
    {
        if (after is null)
            return default;
        var parts = after.Split('-');
        return
            parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks
            && Guid.TryParseExact(parts[1], "N", out var lastEvent)
            && Guid.TryParseExact(parts[2], "N", out var customer)
            ? (new DateTime(ticks, DateTimeKind.Utc), lastEvent, customer)
            : throw new BadRequestException("after", "the cursor of the page before");
    }
}
