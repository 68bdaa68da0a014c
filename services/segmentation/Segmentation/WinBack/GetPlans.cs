namespace CrmPlatform.Segmentation.WinBack;

/// <summary>The plans with what they brought, measured by the purchases that are known now.</summary>
public static class GetPlans
{
    const string Columns =
        "plan_id, name, segment, segment_version, offer, window_days, holdout, offer_cost, status, planned_at, launched_at";

    const string Sides = """
        with away as materialized (
            select customer_id, survivor_id from (
                select distinct on (customer_id) customer_id, survivor_id from judged_with order by customer_id, seq desc) j
            where survivor_id is not null),
        audience as (
            select c.plan_id, coalesce(a.survivor_id, c.customer_id) as id, c.held, p.launched_at as since,
                p.launched_at + make_interval(days => p.window_days) as until
            from win_back_customers c join win_back_plans p using (plan_id) left join away a using (customer_id)
            where c.plan_id = any(@plans) and (c.held or c.offered_at is not null)),
        won as (
            select a.*, exists (
                select from counted_purchases b
                where (b.customer_id = a.id or b.customer_id in (select w.customer_id from away w where w.survivor_id = a.id))
                    and b.purchased_at >= a.since and b.purchased_at < a.until and b.retracted is null
                    and not exists (select from counted_returns r
                        where r.customer_id = b.customer_id and r.purchase_id = b.purchase_id and r.wholly)) as back
            from audience a)
        select plan_id, held, count(*) as customers, count(*) filter (where back) as won_back from won group by 1, 2
        """;

    public static void Map(CrmService room)
    {
        room.MapGet(
                "win-back/plans",
                "The win-back plans with what they brought, newest first",
                "segmentation.read",
                async (NpgsqlDataSource db, Business business, TimeProvider clock, int? limit, string? after, CancellationToken ct) =>
                {
                    var (size, (at, id)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
                    var rows = await db.Query<Row>(
                        $"""
                        select {Columns} from win_back_plans
                        where @at::timestamptz is null or (planned_at, plan_id) < (@at, @id)
                        order by planned_at desc, plan_id desc limit @size + 1
                        """,
                        new
                        {
                            at,
                            id,
                            size,
                        },
                        ct
                    );
                    var sides = await Measure(db, [.. rows.Take(size).Select(r => r.PlanId)], ct);
                    return Page.Of(
                        rows,
                        size,
                        r => View(r, sides[r.PlanId], clock.GetUtcNow(), business),
                        r => TimeCursor.Of(r.PlannedAt, r.PlanId)
                    );
                }
            )
            .WithName("GetPlans");
        room.MapGet(
                "win-back/plans/{id:guid}",
                "A win-back plan with what it brought",
                "segmentation.read",
                async (Guid id, NpgsqlDataSource db, Business business, TimeProvider clock, CancellationToken ct) =>
                {
                    var row = await db.QuerySingleOrDefault<Row>(
                        $"select {Columns} from win_back_plans where plan_id = @id",
                        new { id },
                        ct
                    );
                    return row is null
                        ? Answer.NotFound("plan", id)
                        : Results.Ok(View(row, (await Measure(db, [id], ct))[id], clock.GetUtcNow(), business));
                }
            )
            .WithName("GetPlan")
            .Produces<PlanView>();
    }

    static async Task<ILookup<Guid, Side>> Measure(NpgsqlDataSource db, Guid[] plans, CancellationToken ct) =>
        (await db.Query<Side>(Sides, new { plans }, ct)).ToLookup(s => s.PlanId);

    static PlanView View(Row row, IEnumerable<Side> sides, DateTimeOffset now, Business business)
    {
        var found = sides.ToDictionary(s => s.Held);
        var (treated, held) = (found.GetValueOrDefault(false) ?? new(), found.GetValueOrDefault(true) ?? new());
        var (launched, until) = (row.LaunchedAt is not null, row.LaunchedAt?.AddDays(row.WindowDays));
        return new(
            Id: row.PlanId,
            Name: row.Name,
            Segment: row.Segment,
            SegmentVersion: row.SegmentVersion,
            Offer: row.Offer,
            WindowDays: row.WindowDays,
            Holdout: row.Holdout,
            OfferCost: row.OfferCost,
            Status: Enum.Parse<PlanStatus>(row.Status),
            PlannedAt: row.PlannedAt,
            LaunchedAt: row.LaunchedAt,
            Until: until,
            Over: until <= now,
            Treated: launched ? treated.Shown : null,
            Held: launched ? held.Shown : null,
            Uplift: Uplift.Of(treated.WonBack, treated.Customers, held.WonBack, held.Customers) is { } uplift
                ? Shown(uplift, row.OfferCost, business)
                : null
        );
    }

    static PlanUplift Shown(Uplift uplift, decimal? cost, Business business) =>
        new(
            Math.Round(uplift.Difference, 4),
            Math.Round(uplift.Low, 4),
            Math.Round(uplift.High, 4),
            !uplift.Proven ? "not-proven"
                : uplift.Low > 0 ? "works"
                : "harms",
            uplift.Low > 0 && cost is { } each ? Money.Round(each / (decimal)uplift.Difference, business.Currency) : null
        );

    sealed class Side
    {
        public Guid PlanId { get; init; }
        public bool Held { get; init; }
        public long Customers { get; init; }
        public long WonBack { get; init; }

        public PlanSide Shown => new(Customers, WonBack, Customers == 0 ? 0 : Math.Round((double)WonBack / Customers, 4));
    }

    sealed class Row
    {
        public Guid PlanId { get; init; }
        public string Name { get; init; } = "";
        public string Segment { get; init; } = "";
        public int? SegmentVersion { get; init; }
        public string Offer { get; init; } = "";
        public int WindowDays { get; init; }
        public decimal Holdout { get; init; }
        public decimal? OfferCost { get; init; }
        public string Status { get; init; } = "";
        public DateTimeOffset PlannedAt { get; init; }
        public DateTimeOffset? LaunchedAt { get; init; }
    }
}
