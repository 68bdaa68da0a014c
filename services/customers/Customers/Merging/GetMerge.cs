namespace CrmPlatform.Customers.Merging;

/// <summary>One merge.</summary>
public static class GetMerge
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "merges/{id:guid}",
                "One merge of two customers",
                "customers.identity.read",
                async (Guid id, NpgsqlDataSource db, HttpContext http, CancellationToken ct) =>
                {
                    if (
                        await db.QuerySingleOrDefault<MergeListed>($"select {GetMerges.Columns} from merges where id = @id", new { id }, ct)
                        is not { } merge
                    )
                        return Answer.NotFound("merge", id);
                    http.Response.Headers.ETag = $"\"{merge.Version}\"";
                    return Results.Ok(merge);
                }
            )
            .Produces<MergeListed>();
}
