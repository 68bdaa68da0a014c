namespace CrmPlatform.Customers.Retracting;

/// <summary>What taking back an import or a source would do. It changes nothing, and counts nothing that was taken back already.</summary>
/// <param name="Through">What was told up to here; send it with the order.</param>
/// <param name="Purchases">Purchases that would count no more, with their returns.</param>
/// <param name="Returns">Returns of other purchases that would count no more; these purchases get other ids.</param>
/// <param name="ExternalIds">Numbers that would be taken from customers who were registered otherwise.</param>
/// <param name="Forgets">Customers of whom nothing else tells: they can be forgotten, for good.</param>
/// <param name="Keeps">Customers who were registered so and stay, since something else tells of them.</param>
/// <param name="Kept">The first 100 of these, by id.</param>
/// <param name="Remains">What other rooms have told of the customers concerned and is not undone: points spent, tickets, answers.</param>
/// <param name="RetractedAt">When it was taken back last; null if it was not, or is not finished. What was told since is counted.</param>
public sealed record RetractionPreview(
    long Through,
    long Purchases,
    long Returns,
    long ExternalIds,
    long Forgets,
    long Keeps,
    IReadOnlyList<Guid> Kept,
    IReadOnlyList<RetractionPreview.Remaining> Remains,
    DateTimeOffset? RetractedAt = null
)
{
    /// <summary>Facts of one kind that stay.</summary>
    /// <param name="Contract">Wire name of the contract: <c>loyalty.points-redeemed</c>.</param>
    /// <param name="Facts">How many there are.</param>
    /// <param name="Customers">The first 100 customers whom they are about, by id.</param>
    public sealed record Remaining(string Contract, long Facts, IReadOnlyList<Guid> Customers);
}

/// <summary>Looks at what an import or a source has told, and at what has come of it in other rooms.</summary>
public sealed class Retractions(ToldFacts facts, StillTold still, EventStore store, NpgsqlDataSource db, Neighbours neighbours)
{
    const int Shown = 100;

    /// <summary>As many as portraits takes in one question.</summary>
    const int AtOnce = 1_000;

    /// <summary>What follows from purchases, and goes with them.</summary>
    static readonly string[] follow =
    [
        "loyalty.points-earned",
        "loyalty.points-unlocked",
        "loyalty.points-reversed",
        "loyalty.points-expired",
        "loyalty.expiry-corrected",
        "loyalty.tier-changed",
        "loyalty.care-due",
    ];

    /// <summary>How much a teller told; null where there is none.</summary>
    public sealed record Extent(long From, long Through);

    public static IResult Nothing(Teller teller, string name) =>
        Answer.NotFound(teller == Teller.Import ? "import" : "source that has told anything:", name);

    public Task<Extent?> Of(Teller teller, string name, CancellationToken ct) =>
        db.QuerySingleOrDefault<Extent>(
            "select first_seq as From, last_seq as Through from tellers where teller = @teller and name = @name and last_seq is not null",
            new { teller = teller.ToString(), name },
            ct
        );

    /// <returns>The preview, and all who were registered so and stay.</returns>
    /// <exception cref="NeighbourAwayException">Portraits, which knows what other rooms told, does not answer.</exception>
    public async Task<(RetractionPreview Preview, IReadOnlyList<Guid> Kept)> Look(
        Teller teller,
        string name,
        Extent extent,
        HttpContext caller
    )
    {
        var (before, _) = await store.Read(Retraction.Of(teller, name), caller.RequestAborted);
        // An order up to here would change nothing.
        if (before.Finished is { } done && before.Ordered!.Through >= extent.Through)
            return (new(extent.Through, 0, 0, 0, 0, 0, [], [], done.OccurredAt), []);
        var (purchases, returns, ids, registered, alone) = (0L, 0L, 0L, new HashSet<Guid>(), new HashSet<Guid>());
        var orders = new HashSet<Guid>();
        await foreach (var all in facts.Read(teller, name, extent.From, extent.Through, caller.RequestAborted))
        {
            var told = await still.Of(all, caller.RequestAborted);
            orders.UnionWith(told.Where(t => t.Purchase).Select(t => t.Stream));
            returns += told.Sum(t => t.Returns?.Count ?? 0);
            ids += told.Sum(t => t.ExternalIds?.Count ?? 0);
            Guid[] customers = [.. told.Where(t => t.Customer).Select(t => t.Stream)];
            registered.UnionWith(customers);
            foreach (var some in customers.Chunk(AtOnce))
                alone.UnionWith(await facts.Alone(teller, name, some, caller.RequestAborted));
        }
        purchases = orders.Count;
        var concerned = new HashSet<Guid>(registered);
        foreach (var some in orders.Chunk(AtOnce))
            concerned.UnionWith(await Buyers(some, caller.RequestAborted));
        var counts = new List<ToldOfCustomer>();
        foreach (var some in concerned.Order().Chunk(AtOnce))
            counts.AddRange(
                (
                    await neighbours.Post<ToldOfCustomers>("portraits", "/api/portraits/counts", new { customerIds = some }, caller)
                )?.Items.Where(Stays) ?? []
            );
        alone.ExceptWith(counts.Select(c => c.CustomerId));
        IReadOnlyList<Guid> kept = [.. registered.Except(alone).Order()];
        return (
            new(
                Through: extent.Through,
                Purchases: purchases,
                Returns: returns,
                ExternalIds: ids,
                Forgets: alone.Count,
                Keeps: kept.Count,
                Kept: [.. kept.Take(Shown)],
                Remains:
                [
                    .. counts
                        .GroupBy(c => c.Contract, StringComparer.Ordinal)
                        .OrderBy(c => c.Key, StringComparer.Ordinal)
                        .Select(c => new RetractionPreview.Remaining(
                            c.Key,
                            c.Sum(x => x.Facts),
                            [.. c.Select(x => x.CustomerId).Distinct().Order().Take(Shown)]
                        )),
                ],
                RetractedAt: before.Finished?.OccurredAt
            ),
            kept
        );
    }

    Task<List<Guid>> Buyers(Guid[] orders, CancellationToken ct) =>
        db.Query<Guid>(
            "select distinct customer_id from purchase_list where id = any(@orders) and customer_id is not null",
            new { orders },
            ct
        );

    static bool Stays(ToldOfCustomer told) =>
        !told.Contract.StartsWith("customers.", StringComparison.Ordinal)
        && !told.Contract.StartsWith("segmentation.", StringComparison.Ordinal)
        && !follow.Contains(told.Contract);

    sealed record ToldOfCustomers(IReadOnlyList<ToldOfCustomer> Items);

    sealed record ToldOfCustomer(Guid CustomerId, string Contract, long Facts);
}
