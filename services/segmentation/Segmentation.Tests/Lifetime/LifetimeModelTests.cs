using CrmPlatform.Segmentation.Lifetime;

namespace CrmPlatform.Segmentation.Tests.Lifetime;

/// <summary>What may become of a model.</summary>
public class LifetimeModelTests
{
    static readonly DateTimeOffset now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    static ModelComputed Computed(string? purchases = null, string? value = null, double correlation = 0.1) =>
        new(
            AsOf: new(2026, 11, 30),
            Kind: ModelKind.Mbg,
            Margin: 1,
            Definition: "lifetime-1",
            Customers: 500,
            Repeaters: 300,
            Purchases: new(new(ModelKind.Mbg, 0.5, 6, 0.9, 1.6), -100, 50, purchases),
            Value: new(new(6, 4, 15), -100, 300, correlation, value),
            CalibratedFrom: new(2026, 6, 1),
            Calibration: null,
            NotCalibrated: "too-few",
            PurchasesCounted: 900,
            ReturnsCounted: 0,
            Through: 1000,
            OccurredAt: now
        );

    static LifetimeModel After(params ILifetimeEvent[] facts) => facts.Aggregate(LifetimeModel.Initial, (m, e) => m.Evolve(e));

    [Fact]
    public void a_fit_that_must_not_be_used_is_kept_and_rejected()
    {
        foreach (
            var (fit, reason) in new[]
            {
                (Computed(purchases: "a = 2E+04"), "degenerate"),
                (Computed(value: "no-mean-value"), "degenerate"),
                (Computed(correlation: 0.31), "not-independent"),
                (Computed(correlation: -0.31), "not-independent"),
            }
        )
            LifetimeModel.Initial.Record(fit).ShouldBe([fit, new ModelRejected(reason, now)]);
        var good = Computed(correlation: -0.3);
        LifetimeModel.Initial.Record(good).ShouldBe([good]);
        After(good).Record(good).ShouldBeEmpty("it was recorded");
    }

    [Fact]
    public void a_model_goes_one_way()
    {
        var id = Guid.CreateVersion7();
        var (computed, active) = (After(Computed()), After(Computed(), new ModelActivated(now)));
        var (superseded, rejected) = (active.Evolve(new ModelSuperseded(id, now)), computed.Evolve(new ModelRejected("old", now)));
        computed.Activate(now).ShouldBe([new ModelActivated(now)]);
        active.Activate(now).ShouldBeEmpty();
        computed.Supersede(id, now).ShouldBeEmpty("only the active one is");
        active.Supersede(id, now).ShouldBe([new ModelSuperseded(id, now)]);
        active.Reject("wrong", now).ShouldBe([new ModelRejected("wrong", now)]);
        rejected.Reject("again", now).ShouldBeEmpty();
        foreach (
            var refused in new Action[]
            {
                () => superseded.Activate(now),
                () => rejected.Activate(now),
                () => superseded.Reject("late", now),
            }
        )
            Should.Throw<RuleViolationException>(refused).Code.ShouldBe("model-settled");
        Should.Throw<NotFoundException>(() => LifetimeModel.Initial.Existing(id));
    }
}
