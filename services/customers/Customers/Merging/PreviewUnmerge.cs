namespace CrmPlatform.Customers.Merging;

/// <summary>What taking two customers apart would do. It changes nothing.</summary>
/// <param name="MergeId">Id of the merge.</param>
/// <param name="MadeAt">When they were merged.</param>
/// <param name="Parts">The groups into which the group falls; none if it was undone already.</param>
public sealed record PreviewUnmerge(Guid MergeId, DateTimeOffset MadeAt, IReadOnlyList<PreviewUnmerge.Part> Parts)
{
    /// <summary>A group that is left.</summary>
    /// <param name="SurvivorId">The member under whose id it is shown.</param>
    /// <param name="Members">Its members, the survivor first, with what stays theirs.</param>
    public sealed record Part(Guid SurvivorId, IReadOnlyList<Member> Members);

    /// <summary>A customer, and how much was told of it since the merge: that stays at its id.</summary>
    /// <param name="ProfileFacts">Changes of the profile, tags, consents and numbers.</param>
    /// <param name="Purchases">Purchases recorded since then.</param>
    /// <param name="Elsewhere">What the other rooms have told of it in all, by contract.</param>
    public sealed record Member(Guid CustomerId, long ProfileFacts, long Purchases, IReadOnlyList<Told> Elsewhere);

    /// <summary>Facts of one kind that another room has told.</summary>
    /// <param name="Contract">Wire name of the contract: <c>loyalty.points-redeemed</c>.</param>
    /// <param name="Facts">How many there are.</param>
    public sealed record Told(string Contract, long Facts);

    sealed record Counts(IReadOnlyList<Counts.Item> Items)
    {
        public sealed record Item(Guid CustomerId, string Contract, long Facts);
    }

    public static void Map(CrmService room) =>
        room.MapGet(
                "merges/{id:guid}/unmerge/preview",
                "What taking two merged customers apart would do",
                "customers.identity.merge",
                async (
                    Guid id,
                    EventStore store,
                    Merger merger,
                    NpgsqlDataSource db,
                    Neighbours neighbours,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                {
                    var (merge, _) = await store.Read(Merge.Of(id), ct);
                    if (merge.Made is not { } made)
                        return Answer.NotFound("merge", id);
                    var parts = merge.Undone is null ? await merger.Parts(id, made, ct) : [];
                    Guid[] members = [.. parts.SelectMany(p => p.Members)];
                    var since = (
                        await db.Query<(Guid Customer, long Facts, long Purchases)>(
                            """
                            select m.id,
                                (select count(*) from mt_events e where e.stream_id = m.id and e.timestamp > @at
                                    and e.type not in ('customers_merged', 'customers_unmerged')),
                                (select count(*) from purchase_list p join mt_events e on e.stream_id = p.id and e.version = 1
                                    where p.customer_id = m.id and e.timestamp > @at)
                            from unnest(@members) m(id)
                            """,
                            new { members, at = made.OccurredAt },
                            ct
                        )
                    ).ToDictionary(m => m.Customer);
                    var told =
                        members.Length == 0
                            ? null
                            : await neighbours.Post<Counts>("portraits", "/api/portraits/counts", new { customerIds = members }, http);
                    var elsewhere = (told?.Items ?? [])
                        .Where(t => !t.Contract.StartsWith("customers.", StringComparison.Ordinal))
                        .OrderBy(t => t.Contract, StringComparer.Ordinal)
                        .ToLookup(t => t.CustomerId, t => new Told(t.Contract, t.Facts));
                    return Results.Ok(
                        new PreviewUnmerge(
                            id,
                            made.OccurredAt,
                            [
                                .. parts.Select(p => new Part(
                                    p.SurvivorId,
                                    [.. p.Members.Select(m => new Member(m, since[m].Facts, since[m].Purchases, [.. elsewhere[m]]))]
                                )),
                            ]
                        )
                    );
                }
            )
            .Produces<PreviewUnmerge>()
            .Refuses("customer-forgotten");
}
