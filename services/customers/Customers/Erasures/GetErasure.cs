namespace CrmPlatform.Customers.Erasures;

/// <summary>How far a person's erasure has come, and which contexts are still to answer.</summary>
/// <param name="RequestedAt">When the customer was forgotten here.</param>
/// <param name="Complete">True once every context has destroyed what identifies the person.</param>
/// <param name="Acknowledged">When each context had done so, by its name.</param>
/// <param name="Outstanding">The contexts that have not answered yet.</param>
public sealed record GetErasure(
    Guid CustomerId,
    DateTimeOffset RequestedAt,
    bool Complete,
    IReadOnlyDictionary<string, DateTimeOffset> Acknowledged,
    IReadOnlyList<string> Outstanding
)
{
    public static void Map(CrmService room)
    {
        room.MapGet(
                "{id:guid}/erasure",
                "State of an erasure",
                "customers.read",
                async (Guid id, EventStore store, CancellationToken ct) =>
                    (await store.Read(Erasure.Of(id), ct)).State is { RequestedAt: { } at } erasure
                        ? Results.Ok(new GetErasure(id, at, !erasure.Outstanding.Any(), erasure.Acknowledged, [.. erasure.Outstanding]))
                        : Answer.NotFound("erasure of customer", id)
            )
            .Produces<GetErasure>();
        room.MapGet(
                "erasures",
                "Ids of forgotten customers: what a restore must forget again",
                "customers.forget",
                async (NpgsqlDataSource db, int? limit, Guid? after, CancellationToken ct) =>
                {
                    var size = PageLimit.Of(limit);
                    var ids = await db.Query<Guid>(
                        "select id from directory where forgotten and id > @after order by id limit @size + 1",
                        new { after = after ?? Guid.Empty, size },
                        ct
                    );
                    return Page.Of(ids, size, last => last.ToString());
                }
            )
            .WithName("GetErasures");
    }
}
