namespace CrmPlatform.Customers.Erasures;

/// <summary>How far a person's erasure has come, and which contexts are still to answer.</summary>
public sealed record GetErasure(
    Guid CustomerId,
    DateTimeOffset RequestedAt,
    bool Complete,
    IReadOnlyDictionary<string, DateTimeOffset> Acknowledged,
    IReadOnlyList<string> Outstanding
)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(
                "/api/customers/{id:guid}/erasure",
                async (Guid id, EventStore store, CancellationToken ct) =>
                    (await store.Read(Erasure.Of(id), ct)).State is { RequestedAt: { } at } erasure
                        ? Results.Ok(new GetErasure(id, at, !erasure.Outstanding.Any(), erasure.Acknowledged, [.. erasure.Outstanding]))
                        : Answer.NotFound("erasure of customer", id)
            )
            .RequirePermission("customers.read")
            .Produces<GetErasure>()
            .WithName("GetErasure")
            .WithSummary("State of an erasure");
        app.MapGet(
                "/api/customers/erasures",
                async (NpgsqlDataSource db, int? limit, Guid? after, CancellationToken ct) =>
                {
                    var size = PageLimit.Of(limit);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    var ids = (
                        await connection.QueryAsync<Guid>(
                            new CommandDefinition(
                                "select id from directory where forgotten and id > @after order by id limit @size + 1",
                                new { after = after ?? Guid.Empty, size },
                                cancellationToken: ct
                            )
                        )
                    ).AsList();
                    return Page.Of(ids, size, last => last.ToString());
                }
            )
            .RequirePermission("customers.forget")
            .WithName("GetErasures")
            .WithSummary("Ids of forgotten customers: what a restore must forget again");
    }
}
