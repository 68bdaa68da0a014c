using System.Globalization;
using System.Text.Json;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Timelines;

/// <summary>One ordered timeline over all contexts, newest first, read from the customer's own stream of notes.</summary>
public static class GetTimeline
{
    public sealed record Item(Guid EventId, string Context, string Contract, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, JsonElement Data);

    sealed record Row(long Sequence, Guid EventId, string Contract, DateTime OccurredAt, DateTime RecordedAt, string Data);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/customers/{id:guid}/timeline", async (Guid id, string? context, string? contract, string? channel,
        DateTimeOffset? from, DateTimeOffset? to, int? limit, string? after, NpgsqlDataSource db, KnownCustomers customers, CancellationToken ct) =>
    {
        var size = PageLimit.Of(limit);
        var (beforeAt, beforeSequence) = Cursor(after);
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition("""
            select seq_id as Sequence, (data->>'eventId')::uuid as EventId, data->>'contract' as Contract, (data->>'occurredAt')::timestamptz as OccurredAt, timestamp as RecordedAt, (data->'data')::text as Data
            from mt_events
            where stream_id = @stream and type = 'noted'
              and (@context::text is null or data->>'contract' like @context || '.%') and (@contract::text is null or data->>'contract' = @contract)
              and (@channel::text is null or data->'data'->>'channel' = @channel)
              and (@from::timestamptz is null or (data->>'occurredAt')::timestamptz >= @from) and (@to::timestamptz is null or (data->>'occurredAt')::timestamptz < @to)
              and (@beforeAt::timestamptz is null or ((data->>'occurredAt')::timestamptz, seq_id) < (@beforeAt, @beforeSequence))
            order by (data->>'occurredAt')::timestamptz desc, seq_id desc limit @size + 1
            """, new { stream = Timeline.IdOf(id), context, contract, channel, from = from?.UtcDateTime, to = to?.UtcDateTime, beforeAt = beforeAt?.UtcDateTime, beforeSequence, size }, cancellationToken: ct))).AsList();
        if (rows.Count == 0 && !(await customers.Resolve([new(id)], ct)).Values.Any(v => v is not null)) return Answer.NotFound("customer", id);
        return Results.Ok(new Page<Item>([.. rows.Take(size).Select(r => new Item(r.EventId, r.Contract[..r.Contract.IndexOf('.', StringComparison.Ordinal)], r.Contract, r.OccurredAt, r.RecordedAt, JsonSerializer.Deserialize<JsonElement>(r.Data)))],
            rows.Count > size ? $"{rows[size - 1].OccurredAt.Ticks.ToString(CultureInfo.InvariantCulture)}-{rows[size - 1].Sequence.ToString(CultureInfo.InvariantCulture)}" : null));
    }).RequirePermission("customers.read").Produces<Page<Item>>().WithName("GetTimeline").WithSummary("A customer's timeline over all contexts");

    static (DateTimeOffset? At, long Sequence) Cursor(string? after)
    {
        if (after is null) return (null, 0);
        var parts = after.Split('-');
        return parts.Length == 2 && long.TryParse(parts[0], out var ticks) && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks && long.TryParse(parts[1], out var sequence)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), sequence) : throw new BadRequestException("after", "the cursor of the page before");
    }
}
