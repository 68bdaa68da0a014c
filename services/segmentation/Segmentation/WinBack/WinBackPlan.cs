namespace CrmPlatform.Segmentation.WinBack;

public interface IWinBackEvent
{
    DateTimeOffset OccurredAt { get; }
}

/// <param name="OfferCost">What an offer costs, in the base currency.</param>
public sealed record WinBackPlanned(
    string Name,
    string Segment,
    string Offer,
    int WindowDays,
    decimal Holdout,
    decimal? OfferCost,
    DateTimeOffset OccurredAt
) : IWinBackEvent;

/// <param name="SegmentVersion">Version of the segment whose members it was.</param>
public sealed record WinBackLaunched(int SegmentVersion, int Treated, int Held, DateTimeOffset OccurredAt) : IWinBackEvent;

/// <summary>A part of the audience, as it was at the launch.</summary>
public sealed record AudienceListed(IReadOnlyList<Guid> Treated, IReadOnlyList<Guid> Held, DateTimeOffset OccurredAt) : IWinBackEvent;

/// <summary>No further offers are made.</summary>
public sealed record WinBackStopped(DateTimeOffset OccurredAt) : IWinBackEvent;

public enum PlanStatus
{
    Planned,
    Launched,
    Stopped,
}

/// <summary>An offer for customers of a segment, compared with those of them who get none.</summary>
public sealed record WinBackPlan(WinBackPlanned? Plan, PlanStatus Status) : IAggregate<WinBackPlan, IWinBackEvent>
{
    const int Part = 1_000;

    public static WinBackPlan Initial { get; } = new(null, PlanStatus.Planned);

    public static Stream<WinBackPlan, IWinBackEvent> Of(Guid id) => new(id);

    public WinBackPlan Evolve(IWinBackEvent @event) =>
        @event switch
        {
            WinBackPlanned e => this with { Plan = e },
            WinBackLaunched => this with { Status = PlanStatus.Launched },
            WinBackStopped => this with { Status = PlanStatus.Stopped },
            _ => this,
        };

    public WinBackPlanned Existing(Guid id) => Plan ?? throw new NotFoundException("plan", id);

    /// <exception cref="RuleViolationException"><c>already-launched</c> or <c>audience-empty</c>.</exception>
    public IWinBackEvent[] Launch(Audience audience, int version, DateTimeOffset now)
    {
        NotLaunched();
        if (audience.Treated.Count == 0)
            throw new RuleViolationException("audience-empty", "Nobody would get the offer. The preview says why.");
        return
        [
            new WinBackLaunched(version, audience.Treated.Count, audience.Held.Count, now),
            .. audience.Treated.Chunk(Part).Select(part => new AudienceListed(part, [], now)),
            .. audience.Held.Chunk(Part).Select(part => new AudienceListed([], part, now)),
        ];
    }

    public void NotLaunched()
    {
        if (Status != PlanStatus.Planned)
            throw new RuleViolationException("already-launched", "The plan was launched before. Plan another one.");
    }

    /// <exception cref="RuleViolationException"><c>not-launched</c>.</exception>
    public IWinBackEvent[] Stop(DateTimeOffset now) =>
        Status switch
        {
            PlanStatus.Planned => throw new RuleViolationException("not-launched", "The plan was not launched."),
            PlanStatus.Stopped => [],
            _ => [new WinBackStopped(now)],
        };
}
