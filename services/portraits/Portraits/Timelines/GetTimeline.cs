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
    /// <param name="Context">The room that told it: <c>loyalty</c>.</param>
    /// <param name="Contract">Wire name of the contract: <c>loyalty.points-earned</c>.</param>
    /// <param name="RecordedAt">When the room that told it recorded it.</param>
    /// <param name="Data">The contract as published: docs/schemas.</param>
    public sealed record Item(
        Guid EventId,
        string Context,
        string Contract,
        DateTimeOffset OccurredAt,
        DateTimeOffset RecordedAt,
        JsonElement Data
    );

    sealed record Row(Guid EventId, string Contract, DateTime OccurredAt, DateTime RecordedAt, string Data)
    {
        public Item Item =>
            new(
                EventId,
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
                    var (beforeAt, beforeEvent) = Cursor(after);
                    List<Row> rows;
                    bool known;
                    await using (var connection = await db.OpenConnectionAsync(ct))
                    {
                        rows = (
                            await connection.QueryAsync<Row>(
                                new CommandDefinition(
                                    """
                                    select event_id as EventId, contract, occurred_at as OccurredAt, recorded_at as RecordedAt,
                                        data::text as Data from timeline
                                    where customer_id = @id
                                      and (@context::text is null or split_part(contract, '.', 1) = @context)
                                          and (@contract::text is null or contract = @contract)
                                      and (@channel::text is null or data->>'channel' = @channel)
                                      and (@from::timestamptz is null or occurred_at >= @from)
                                          and (@to::timestamptz is null or occurred_at < @to)
                                      and (@beforeAt::timestamptz is null or (occurred_at, event_id) < (@beforeAt, @beforeEvent))
                                    order by occurred_at desc, event_id desc limit @size + 1
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
                                    "select exists (select 1 from timeline where customer_id = @id)",
                                    new { id },
                                    cancellationToken: ct
                                )
                            );
                    }
                    // Nothing heard yet is no answer to whether there is such a customer.
                    if (!known && await customers.Of(id, null, null, http) is null)
                        return Answer.NotFound("customer", id);
                    return Results.Ok(
                        Page.Of(rows, size, r => r.Item, r => $"{r.OccurredAt.Ticks.ToString(CultureInfo.InvariantCulture)}-{r.EventId:N}")
                    );
                }
            )
            .Produces<Page<Item>>();

    static (DateTime? At, Guid Event) Cursor(string? after)
    {
        if (after is null)
            return (null, default);
        var parts = after.Split('-');
        return
            parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks
            && Guid.TryParseExact(parts[1], "N", out var last)
            ? (new DateTime(ticks, DateTimeKind.Utc), last)
            : throw new BadRequestException("after", "the cursor of the page before");
    }
}
