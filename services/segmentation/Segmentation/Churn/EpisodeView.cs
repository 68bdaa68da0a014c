using System.Text.Json;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>An episode of churn.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CustomerId">The customer who left; of a group, the survivor.</param>
/// <param name="State"><c>open</c>; <c>closed</c>: won back by a purchase; <c>revoked</c>: it never was, by what was told later.</param>
/// <param name="Basis"><c>silence</c>: churned by the lifecycle; <c>cancelled</c>: they said so; <c>p-alive</c>: P(alive) had been below
/// 0.2 for 14 days.</param>
/// <param name="Since">When silence began: θ after the last purchase, or with the declaration where that is earlier.</param>
/// <param name="DeclaredAt">When the customer counts as gone.</param>
/// <param name="EndedAt">When they bought again, or when it became known that the episode never was; null while it is open.</param>
/// <param name="Reason">Of a revoked one: <c>earlier-purchase</c>, <c>purchase-gone</c> or <c>merged</c>.</param>
/// <param name="PlanId">The win-back plan whose offer they had when they bought again.</param>
/// <param name="Cause"><c>product</c>, <c>service</c>, <c>price</c>, <c>competitor</c>, <c>need-gone</c>, <c>moved</c> or
/// <c>unknown</c>: the stated one, else the found one.</param>
/// <param name="StatedBy">Who stated it: <c>customer</c> or <c>agent</c>; null for a found one.</param>
/// <param name="Competitor">Code of the competitor, if one was named.</param>
/// <param name="Shares">How much of the evidence points where; the shares add up to 1, but for rounding.</param>
/// <param name="Evidence">What counted as evidence when the episode was declared, oldest first.</param>
/// <param name="WarnedAt">Since when P(alive) had been below 0.5; null where nothing had warned.</param>
/// <param name="LeadDays">Days from the warning to the declaration, with one decimal.</param>
/// <param name="SourceEvent">Id of the event that declared it.</param>
public sealed record EpisodeView(
    Guid Id,
    Guid CustomerId,
    EpisodeState State,
    string Basis,
    DateTimeOffset Since,
    DateTimeOffset DeclaredAt,
    DateTimeOffset? EndedAt,
    string? Reason,
    Guid? PlanId,
    string Cause,
    string? StatedBy,
    string? Competitor,
    IReadOnlyList<CauseShare> Shares,
    IReadOnlyList<Evidence> Evidence,
    DateTimeOffset? WarnedAt,
    double? LeadDays,
    Guid SourceEvent
);

/// <summary>A row of the episodes.</summary>
sealed class EpisodeRow
{
    /// <summary>Of episodes <c>e</c> of customers who are judged under their own id and are not forgotten.</summary>
    public const string From = "churn_episodes e join churn_facts f on f.customer_id = e.customer_id and f.survivor_id is null";

    public const string CauseOf = "coalesce(e.stated, e.found, 'unknown')";

    public const string Columns = $"""
        e.episode_id, e.customer_id, e.state, e.basis, e.since, e.warned_at, e.declared_at, e.ended_at, e.reason, e.plan_id,
            {CauseOf} as cause, e.stated_by, e.competitor, e.shares::text, e.evidence::text, e.event_id
        """;

    public Guid EpisodeId { get; init; }
    public Guid CustomerId { get; init; }
    public string State { get; init; } = "";
    public string Basis { get; init; } = "";
    public DateTimeOffset Since { get; init; }
    public DateTimeOffset? WarnedAt { get; init; }
    public DateTimeOffset DeclaredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Reason { get; init; }
    public Guid? PlanId { get; init; }
    public string Cause { get; init; } = "";
    public string? StatedBy { get; init; }
    public string? Competitor { get; init; }
    public string Shares { get; init; } = "";
    public string Evidence { get; init; } = "";
    public Guid EventId { get; init; }

    public EpisodeView Shown =>
        new(
            Id: EpisodeId,
            CustomerId: CustomerId,
            State: Enum.Parse<EpisodeState>(State),
            Basis: Basis,
            Since: Since,
            DeclaredAt: DeclaredAt,
            EndedAt: EndedAt,
            Reason: Reason,
            PlanId: PlanId,
            Cause: Cause,
            StatedBy: StatedBy,
            Competitor: Competitor,
            Shares: JsonSerializer.Deserialize<List<CauseShare>>(Shares, EventStoreOptions.Json)!,
            Evidence: JsonSerializer.Deserialize<List<Churn.Evidence>>(Evidence, EventStoreOptions.Json)!,
            WarnedAt: WarnedAt,
            LeadDays: WarnedAt is { } warned ? Math.Round((DeclaredAt - warned).TotalDays, 1) : null,
            SourceEvent: EventId
        );
}
