using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.RuleSegments;

namespace CrmPlatform.Segmentation.WinBack;

/// <summary>Plans an offer for the members of a segment; nobody gets it before the launch.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Segment">Code of a published rule segment.</param>
/// <param name="Offer">A code of your own for what is offered: <c>free-shipping</c>.</param>
/// <param name="WindowDays">Whoever buys within so many times 24 hours after the launch is won back; 30 if left out.</param>
/// <param name="Holdout">Share of the audience that gets no offer, by chance, to be compared with: from 0.1 to 0.5; 0.2 if left
/// out.</param>
/// <param name="OfferCost">What an offer costs, in the base currency.</param>
public sealed record PlanWinBack(
    [property: Required, Label(80)] string Name,
    [property: Required, Code] string Segment,
    [property: Required, Code] string Offer,
    [property: Range(1, 365)] int? WindowDays = null,
    [property: Range(0, 0.5)] decimal? Holdout = null,
    [property: Range(0, 1_000_000)] decimal? OfferCost = null
)
{
    const decimal LeastHoldout = 0.1m;

    /// <exception cref="RuleViolationException"><c>plan-no-holdout</c>.</exception>
    public IWinBackEvent[] Decide(WinBackPlan plan, DateTimeOffset now)
    {
        if (Holdout < LeastHoldout)
            throw new RuleViolationException(
                "plan-no-holdout",
                $"Hold out {LeastHoldout} or more, or nobody knows what it brings.",
                "holdout"
            );
        return plan.Plan is not null ? [] : [new WinBackPlanned(Name, Segment, Offer, WindowDays ?? 30, Holdout ?? 0.2m, OfferCost, now)];
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "win-back/plans",
                "Plan an offer for customers of a segment, with some held out",
                "segmentation.win-back.write",
                async (
                    PlanWinBack command,
                    SegmentBook book,
                    NpgsqlDataSource db,
                    Request request,
                    EventStore store,
                    CancellationToken ct
                ) =>
                {
                    await Published(book, db, command.Segment, ct);
                    var id = request.NewId;
                    request.Creates(id, $"/api/segmentation/win-back/plans/{id}");
                    return request.Done(await store.Write(request, WinBackPlan.Of(id), plan => command.Decide(plan, request.Now)));
                }
            )
            .Produces<Changed>(201)
            .Refuses("plan-no-holdout", "segment-unknown");

    /// <exception cref="RuleViolationException"><c>segment-unknown</c>.</exception>
    internal static async Task<LiveSegment> Published(SegmentBook book, NpgsqlDataSource db, string code, CancellationToken ct) =>
        await book.Find(db, code, ct) is { } segment && !segment.Eras[^1].Ended
            ? segment
            : throw new RuleViolationException("segment-unknown", $"There is no published segment '{code}'.", "segment");

    /// <summary>An audience is not frozen while the segment's first members are being found.</summary>
    /// <exception cref="RuleViolationException"><c>segment-not-settled</c>.</exception>
    internal static async Task Settled(NpgsqlConnection connection, LiveSegment segment, DateTimeOffset now, CancellationToken ct)
    {
        var published = Instant.Shown(segment.Eras[^1].From)!.Value;
        var settled = await connection.QuerySingleAsync<bool>(
            new CommandDefinition(
                """
                select exists (select from segment_spread where version = (select sum(version) from rule_segments))
                    and not exists (select from segment_facts where due_at <= greatest(@published, @late))
                """,
                new { published, late = now - late },
                cancellationToken: ct
            )
        );
        if (!settled)
            throw new RuleViolationException(
                "segment-not-settled",
                $"Members of '{segment.Code}' are still being found; ask again in a few seconds.",
                "segment"
            );
    }

    // Whoever was told of a moment ago is always about to be judged.
    static readonly TimeSpan late = TimeSpan.FromSeconds(5);
}

/// <summary>What launching a plan would do now.</summary>
/// <param name="AsOf">The instant at which everybody was asked.</param>
/// <param name="Treated">How many would get the offer.</param>
/// <param name="Held">How many would be held out.</param>
/// <param name="Excluded">How many members of the segment are neither, by reason: <c>no-consent</c> (to marketing),
/// <c>open-complaint</c>, <c>offered-recently</c> (within 14 days), <c>held-by-segment</c>.</param>
public sealed record LaunchPreview(DateTimeOffset AsOf, int Treated, int Held, IReadOnlyDictionary<string, int> Excluded);

/// <summary>Freezes the audience and makes the offers.</summary>
public static class LaunchPlan
{
    public static void Map(CrmService room)
    {
        room.MapPost(
                "win-back/plans/{id:guid}/preview",
                "How many would get the offer of a plan, be held out, or neither",
                "segmentation.win-back.write",
                Preview
            )
            .WithName("PreviewWinBack")
            .Produces<LaunchPreview>()
            .Refuses("already-launched", "segment-unknown", "segment-not-settled", "audience-too-large")
            .AtOnce(2);
        room.MapPost("win-back/plans/{id:guid}/launch", "Launch a plan", "segmentation.win-back.write", Launch)
            .WithName("LaunchWinBack")
            .Refuses("already-launched", "segment-unknown", "segment-not-settled", "audience-too-large", "audience-empty");
        room.MapPost(
                "win-back/plans/{id:guid}/stop",
                "Make no further offers",
                "segmentation.win-back.write",
                async (Guid id, Request request, EventStore store) =>
                    request.Done(
                        await store.Write(
                            request,
                            WinBackPlan.Of(id),
                            plan =>
                            {
                                plan.Existing(id);
                                return plan.Stop(request.Now);
                            }
                        )
                    )
            )
            .WithName("StopWinBack")
            .Refuses("not-launched");
    }

    static async Task<IResult> Preview(
        Guid id,
        SegmentBook book,
        NpgsqlDataSource db,
        Business business,
        EventStore store,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (plan, _) = await store.Read(WinBackPlan.Of(id), ct);
        var planned = plan.Existing(id);
        plan.NotLaunched();
        var segment = await PlanWinBack.Published(book, db, planned.Segment, ct);
        await using var connection = await db.OpenConnectionAsync(ct);
        var now = clock.GetUtcNow();
        await PlanWinBack.Settled(connection, segment, now, ct);
        var audience = await Audience.Of(connection, business, id, planned, now, ct);
        return Results.Ok(new LaunchPreview(now, audience.Treated.Count, audience.Held.Count, audience.Excluded));
    }

    static async Task<IResult> Launch(
        Guid id,
        SegmentBook book,
        NpgsqlDataSource db,
        Business business,
        Request request,
        EventStore store,
        CancellationToken ct
    )
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        // One after the other: the second one sees to whom the first has offered.
        await ProcessLock.Take(connection, store, "crm-win-back", "launch", ct);
        try
        {
            var (plan, _) = await store.Read(WinBackPlan.Of(id), ct);
            var planned = plan.Existing(id);
            plan.NotLaunched();
            var segment = await PlanWinBack.Published(book, db, planned.Segment, ct);
            var now = request.Now;
            await PlanWinBack.Settled(connection, segment, now, ct);
            var audience = await Audience.Of(connection, business, id, planned, now, ct);
            return request.Done(
                await store.Write(request, WinBackPlan.Of(id), current => current.Launch(audience, segment.Eras[^1].Version, now))
            );
        }
        finally
        {
            await ProcessLock.Give(connection, store, "crm-win-back", "launch");
        }
    }
}
