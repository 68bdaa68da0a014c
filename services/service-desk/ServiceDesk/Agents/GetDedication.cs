namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>The dedicated agent of a customer for a time.</summary>
/// <param name="CustomerId">Who was given the agent: the customer, or who is one person with them.</param>
/// <param name="Agent">The subject of the dedicated agent.</param>
/// <param name="Deputy">Who stands in for them; null if nobody does.</param>
/// <param name="From">Since when.</param>
/// <param name="Until">Until when; null if it holds.</param>
public sealed record DedicationView(Guid CustomerId, string Agent, string? Deputy, DateTimeOffset From, DateTimeOffset? Until);

/// <summary>Who is and was the agent of a customer.</summary>
/// <param name="Items">Those that hold first, then the newest.</param>
public sealed record DedicationsView(IReadOnlyList<DedicationView> Items);

/// <summary>The dedicated agents of a customer, and of those who are one person with them.</summary>
static class GetDedication
{
    /// <summary>Those of some customers: what holds first, then the newest.</summary>
    public static Task<List<DedicationView>> Of(NpgsqlDataSource db, Guid id, Guid[] members, CancellationToken ct) =>
        db.Query<DedicationView>(
            """
            select customer_id, agent, deputy, from_at as "from", until_at as until from dedications
            where customer_id = any(@members) order by until_at is not null, customer_id <> @id, version desc
            """,
            new { id, members },
            ct
        );

    public static void Map(CrmService room) =>
        room.MapGet(
            "customers/{id:guid}/dedicated-agent",
            "Who is and was the agent of a customer",
            "service-desk.read",
            async (Guid id, NpgsqlDataSource db, CancellationToken ct) =>
                new DedicationsView(await Of(db, id, [.. (await CustomerGroups.Of(db, id, ct)).Members], ct))
        );
}
