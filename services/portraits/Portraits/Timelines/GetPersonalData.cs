using System.Text.Json;

namespace CrmPlatform.Portraits.Timelines;

/// <summary>What this room holds about one person: the whole timeline, for their export. It names nobody.</summary>
public static class GetPersonalData
{
    /// <summary>An entry of the timeline, as it is held.</summary>
    /// <param name="EventId">Id of the publisher's event.</param>
    /// <param name="Contract">Wire name of the contract: <c>loyalty.points-earned</c>.</param>
    /// <param name="RecordedAt">When the publisher recorded it.</param>
    /// <param name="Data">The contract as published: docs/schemas.</param>
    public sealed record Noted(Guid EventId, string Contract, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, JsonElement Data);

    public static void Map(CrmService room) =>
        room.MapGet(
            "customers/{id:guid}/personal",
            "Everything that is held about one person",
            "personal.export",
            async (Guid id, NpgsqlDataSource db, CancellationToken ct) =>
            {
                await using var connection = await db.OpenConnectionAsync(ct);
                var entries = await Timeline.Of(connection, [id], null, null, ct);
                return entries.Select(e => new Noted(e.EventId, e.Contract, e.OccurredAt, e.RecordedAt, e.Data)).ToList();
            }
        );
}
