namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>Customers are scored with this model from now on; the one that was active is superseded in the same transaction.</summary>
public static class ActivateModel
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "lifetime/models/{id:guid}/activate",
                "Score customers with a model from now on",
                "segmentation.run",
                async (Guid id, Request request, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    await using var connection = await db.OpenConnectionAsync(ct);
                    // Two that are activated at once supersede each other in turn.
                    await ProcessLock.Take(connection, store, "crm-lifetime", "activate", ct);
                    try
                    {
                        var active = await connection.QueryAsync<Guid>(
                            "select model_id from lifetime_models where state = 'active' and model_id <> @id",
                            new { id }
                        );
                        return request.Done(await store.Write(request, Write(id, [.. active], request)));
                    }
                    finally
                    {
                        await ProcessLock.Give(connection, store, "crm-lifetime", "activate");
                    }
                }
            )
            .Refuses("model-settled");

    static Write Write(Guid id, Guid[] active, Request request) =>
        EventSourcing.Write.To(
            LifetimeModel.Of(id),
            [.. active.Select(LifetimeModel.Of)],
            (model, others) =>
            {
                var facts = model.State.Existing(id).Activate(request.Now);
                if (facts.Length > 0)
                    foreach (var other in others)
                        other.Append(other.State.Supersede(id, request.Now));
                model.Append(facts);
            }
        );
}
