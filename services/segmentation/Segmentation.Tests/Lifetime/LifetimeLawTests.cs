using System.Globalization;
using CrmPlatform.Segmentation.Lifetime;
using static CrmPlatform.Segmentation.Lifetime.SpecialFunctions;

namespace CrmPlatform.Segmentation.Tests.Lifetime;

/// <summary>What holds for every customer and every model.</summary>
public class LifetimeLawTests
{
    /// <summary>A model and a customer: x of at most one a day, t_x and T in whole days.</summary>
    sealed record Case(PurchaseModel Model, int X, double Recency, double Age, double Weeks);

    static readonly Gen<Case> cases =
        from kind in Gen.Elements(ModelKind.Mbg, ModelKind.Bg)
        from p in Gen.Choose(-150, 150).Select(n => Math.Exp(n / 100.0)).ListOf(4)
        from age in Gen.Choose(0, 1500)
        from recency in Gen.Choose(0, age)
        from repeats in Gen.Choose(0, Math.Min(recency, 80))
        from weeks in Gen.Choose(1, 104)
        let x = recency > 0 ? Math.Max(1, repeats) : 0
        select new Case(new(kind, p[0], 10 * p[1], p[2], p[3]), x, recency / 7.0, age / 7.0, weeks);

    static void Check(Action<Case> law) => Prop.ForAll(cases.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void probability_is_in_0_to_1_and_never_rises_with_silence() =>
        Check(c =>
        {
            var p = c.Model.Alive(c.X, c.Recency, c.Age);
            p.ShouldBeInRange(0, 1);
            (p > 0 || c.X > 20).ShouldBeTrue("it may be smaller than any number only after many purchases");
            c.Model.Alive(c.X, c.Recency, c.Age + 1).ShouldBeLessThanOrEqualTo(p);
            if (c.X == 0)
                (p < 1).ShouldBe(c.Model.Kind == ModelKind.Mbg, "who bought once may have left in MBG/NBD only");
            c.Model.AnyPurchase(c.X, c.Recency, c.Age, c.Weeks).ShouldBeInRange(0, p);
        });

    [Fact]
    public void a_purchase_never_lowers_what_is_expected() =>
        Check(c =>
        {
            var (before, after) = (c.Model.Expected(c.X, c.Recency, c.Age, c.Weeks), c.Model.Expected(c.X + 1, c.Age, c.Age, c.Weeks));
            // In BG/NBD who bought once is certainly alive, and is not after the second purchase.
            if (c.Model.Kind == ModelKind.Mbg || c.X > 0)
                after.ShouldBeGreaterThanOrEqualTo(before * (1 - 1e-9));
            c.Model.Expected(c.X, c.Recency, c.Age, c.Weeks + 1).ShouldBeGreaterThanOrEqualTo(before * (1 - 1e-9));
            double.IsFinite(after).ShouldBeTrue();
        });

    [Fact]
    public void the_instant_put_back_gives_the_level() =>
        Check(c =>
        {
            foreach (var level in new[] { 0.5, 0.3, 0.2 })
                if (c.Model.FallsTo(level, c.X, c.Recency) is { } at && at >= c.Recency && at < 1e6)
                    c.Model.Alive(c.X, c.Recency, at).ShouldBe(level, 1e-6);
                else if (c.Model.Kind == ModelKind.Bg && c.X == 0)
                    c.Model.FallsTo(level, c.X, c.Recency).ShouldBeNull();
        });

    [Fact]
    public void patterns_with_weights_are_as_likely_as_one_by_one()
    {
        foreach (var fit in new[] { Cdnow.Bg, Cdnow.Mbg })
        {
            var m = fit.Model;
            Cdnow
                .Customers.Sum(c => LogLikelihood(m, c.X, c.Recency, c.Age))
                .ShouldBe(new PurchaseLikelihood(m.Kind, Cdnow.Patterns).At(m.R, m.Alpha, m.A, m.B), 1e-6);
        }
    }

    [Fact]
    public void a_sample_ten_times_over_gives_the_same_parameters()
    {
        var fit = PurchaseFit.Of(
            ModelKind.Mbg,
            PurchasePattern.Of(Enumerable.Repeat(Cdnow.Customers, 10).SelectMany(all => all.Select(c => (c.X, c.Recency, c.Age))))
        );
        fit.LogLikelihood.ShouldBe(10 * Cdnow.Mbg.LogLikelihood, 1e-5);
        fit.Model.R.ShouldBe(Cdnow.Mbg.Model.R, 1e-6);
        fit.Model.Alpha.ShouldBe(Cdnow.Mbg.Model.Alpha, 1e-5);
        fit.Model.A.ShouldBe(Cdnow.Mbg.Model.A, 1e-6);
        fit.Model.B.ShouldBe(Cdnow.Mbg.Model.B, 1e-6);
    }

    [Fact]
    public void other_units_of_time_give_the_same_customers()
    {
        PurchasePattern[] slow = [.. Cdnow.Patterns.Select(p => p with { Recency = p.Recency * 100, Age = p.Age * 100 })];
        var fit = PurchaseFit.Of(ModelKind.Mbg, slow);
        fit.Model.Alpha.ShouldBe(100 * Cdnow.Mbg.Model.Alpha, 1e-3);
        fit.LogLikelihood.ShouldBe(
            new PurchaseLikelihood(ModelKind.Mbg, slow).At(fit.Model.R, fit.Model.Alpha, fit.Model.A, fit.Model.B),
            1e-4
        );
        var value = ValueFit.Of(Cdnow.Customers.Select(c => (c.X, c.MeanValue * 1000)));
        value.Model.V.ShouldBe(1000 * Cdnow.Value.Model.V, 1);
        value.Model.P.ShouldBe(Cdnow.Value.Model.P, 1e-3);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(5e-8)]
    [InlineData(-5e-8)]
    public void near_one_the_dropout_has_a_limit(double off)
    {
        double At(double a) => new PurchaseModel(ModelKind.Mbg, 0.5, 6, a, 1.6).Expected(2, 30, 39, 52);
        At(1 + off).ShouldBe((At(1.001) + At(0.999)) / 2, 1e-5);
        new PurchaseModel(ModelKind.Bg, 0.5, 6, 0.4, 0.6)
            .Expected(0, 0, 39, 52)
            .ShouldBe(new PurchaseModel(ModelKind.Bg, 0.5, 6, 0.4001, 0.6).Expected(0, 0, 39, 52), 1e-4);
    }

    [Theory]
    [InlineData(1, "2026-03-09T04:00:00Z")]
    [InlineData(0.5 / 7, "2026-03-02T17:00:00Z")]
    [InlineData(6.5 / 7, "2026-03-08T16:30:00Z")]
    [InlineData(0.1 / 7, "2026-03-02T07:24:00Z")]
    [InlineData(1e6, null)]
    public void weeks_are_days_of_the_calendar(double weeks, string? at)
    {
        // Clocks go forward on 8 March.
        var business = new Business { TimeZone = "America/New_York" };
        var history = new BuyingHistory(Guid.Empty, new(2026, 3, 1), new(2026, 3, 1), Days: 1, RepeatNet: 0, Later: 0);
        GetLifetime.Instant(history, weeks, business).ShouldBe(at is null ? null : DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
        GetLifetime
            .Instant(history with { Last = new(2026, 3, 4) }, weeks: 0.1, business)!
            .Value.ShouldBe(business.StartOf(new(2026, 3, 5)), TimeSpan.FromSeconds(1), "not before the last purchase");
    }

    [Fact]
    public void on_the_first_day_a_customer_is_alive_by_the_mean_of_all()
    {
        new PurchaseModel(ModelKind.Mbg, 0.5, 6, 0.9, 1.6).Alive(0, 0, 0).ShouldBe(1.6 / 2.5, 1e-12);
        new PurchaseModel(ModelKind.Bg, 0.5, 6, 0.9, 1.6).Alive(0, 0, 0).ShouldBe(1);
    }

    [Fact]
    public void everybody_alike_is_degenerate()
    {
        PurchasePattern[] alike = [new(3, 30, 40, 300), new(2, 30, 40, 300)];
        PurchaseFit.Of(ModelKind.Bg, alike).Degenerate.ShouldNotBeNull();
        ValueFit.Of(Enumerable.Repeat((2, 10.0), 300)).Degenerate.ShouldNotBeNull();
    }

    [Fact]
    public void special_functions_have_their_known_values()
    {
        LogGamma(1).ShouldBe(0, 1e-14);
        LogGamma(0.5).ShouldBe(Math.Log(Math.PI) / 2, 1e-14);
        LogGamma(1e-4).ShouldBe(9.21028265863, 1e-10);
        LogGamma(101).ShouldBe(Enumerable.Range(1, 100).Sum(n => Math.Log(n)), 1e-11);
        // −ln(1 − z)/z and (1 − z)^−a, on both sides of 0.9.
        foreach (var z in new[] { 0.1, 0.5, 0.899, 0.901, 0.99 })
        {
            Hypergeometric(1, 1, 2, z).ShouldBe(-Math.Log(1 - z) / z, 1e-12);
            (Hypergeometric(0.7, 2, 2, z) * Math.Pow(1 - z, 0.7)).ShouldBe(1, 1e-12);
        }
    }

    /// <summary>One customer's, straight from the papers.</summary>
    static double LogLikelihood(PurchaseModel m, int x, double recency, double age)
    {
        var (seen, power) = (m.Kind == ModelKind.Mbg ? x + 1 : x, m.R + x);
        var dropped = seen == 0 ? 0 : m.A / (m.B + seen - 1) * Math.Pow(m.Alpha + recency, -power);
        return LogGamma(power)
            - LogGamma(m.R)
            + (m.R * Math.Log(m.Alpha))
            + LogBeta(m.A, m.B + seen)
            - LogBeta(m.A, m.B)
            + Math.Log(Math.Pow(m.Alpha + age, -power) + dropped);
    }
}
