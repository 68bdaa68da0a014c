namespace CrmPlatform.Segmentation.Lifetime;

public interface ILifetimeEvent;

/// <summary>What has become of a model.</summary>
public enum ModelState
{
    /// <summary>Fitted and compared with what happened; nobody is scored with it yet.</summary>
    Computed,

    /// <summary>The one that customers are scored with.</summary>
    Active,

    /// <summary>Another one was activated.</summary>
    Superseded,

    /// <summary>Nobody is scored with it.</summary>
    Rejected,
}

/// <summary>All customers' purchases as of the end of a day have been fitted.</summary>
/// <param name="Margin">Share of a purchase's net that is earned.</param>
/// <param name="Customers">With a net order, those who have been forgotten left out.</param>
/// <param name="Repeaters">Those of them with a repeat purchase day.</param>
/// <param name="CalibratedFrom">The last day that the calibrating fit knew; the window is the 26 weeks from then to the as-of day.</param>
/// <param name="Calibration">Null where what was known before the window could not be fitted.</param>
/// <param name="NotCalibrated">Why not.</param>
/// <param name="PurchasesCounted">Purchases that it counted.</param>
/// <param name="Through">The last event of the log that was counted.</param>
public sealed record ModelComputed(
    DateOnly AsOf,
    ModelKind Kind,
    decimal Margin,
    string Definition,
    int Customers,
    int Repeaters,
    PurchaseFit Purchases,
    ValueFit Value,
    DateOnly CalibratedFrom,
    Calibration? Calibration,
    string? NotCalibrated,
    long PurchasesCounted,
    long ReturnsCounted,
    long Through,
    DateTimeOffset OccurredAt
) : ILifetimeEvent;

public sealed record ModelActivated(DateTimeOffset OccurredAt) : ILifetimeEvent;

/// <param name="By">The model that was activated instead.</param>
public sealed record ModelSuperseded(Guid By, DateTimeOffset OccurredAt) : ILifetimeEvent;

/// <param name="Reason">A code: <c>degenerate</c> and <c>not-independent</c> are the room's own.</param>
public sealed record ModelRejected(string Reason, DateTimeOffset OccurredAt) : ILifetimeEvent;

/// <summary>One fit of the customers' purchases, and whether customers are scored with it.</summary>
public sealed record LifetimeModel(ModelState? State) : IAggregate<LifetimeModel, ILifetimeEvent>
{
    /// <summary>Frequency and value that go together more than this break what the Gamma-Gamma model takes for granted.</summary>
    public const double MostCorrelation = 0.3;

    /// <summary>From here on the model's page warns.</summary>
    public const double MuchCorrelation = 0.15;

    public static LifetimeModel Initial { get; } = new(State: null);

    public static Stream<LifetimeModel, ILifetimeEvent> Of(Guid id) => new(id);

    public LifetimeModel Evolve(ILifetimeEvent @event) =>
        @event switch
        {
            ModelComputed => new(ModelState.Computed),
            ModelActivated => new(ModelState.Active),
            ModelSuperseded => new(ModelState.Superseded),
            ModelRejected => new(ModelState.Rejected),
            _ => this,
        };

    /// <summary>Records a fit once. One that must not be used is rejected with it.</summary>
    public ILifetimeEvent[] Record(ModelComputed computed)
    {
        if (State is not null)
            return [];
        var reason =
            (computed.Purchases.Degenerate ?? computed.Value.Degenerate) is not null ? "degenerate"
            : Math.Abs(computed.Value.Correlation) > MostCorrelation ? "not-independent"
            : null;
        return reason is null ? [computed] : [computed, new ModelRejected(reason, computed.OccurredAt)];
    }

    public LifetimeModel Existing(Guid id) => State is null ? throw new NotFoundException("model", id) : this;

    public ILifetimeEvent[] Activate(DateTimeOffset now) =>
        State switch
        {
            ModelState.Active => [],
            ModelState.Computed => [new ModelActivated(now)],
            _ => throw Settled(),
        };

    public ILifetimeEvent[] Supersede(Guid by, DateTimeOffset now) => State == ModelState.Active ? [new ModelSuperseded(by, now)] : [];

    public ILifetimeEvent[] Reject(string reason, DateTimeOffset now) =>
        State switch
        {
            ModelState.Rejected => [],
            ModelState.Superseded => throw Settled(),
            _ => [new ModelRejected(reason, now)],
        };

    RuleViolationException Settled() =>
        new RuleViolationException("model-settled", $"The model is {State.ToString()!.ToLowerInvariant()}, and stays so.");
}
