using CrmPlatform.Segmentation.Lifetime;

namespace CrmPlatform.Segmentation.Tests.Lifetime;

/// <summary>
/// The models against numbers that were published (Fader, Hardie and Lee 2005; Batislam et al. 2007; Fader and Hardie 2013), and against
/// an independent program where papers give none.
/// </summary>
public class PublishedNumbersTests
{
    static readonly PurchaseModel bg = new(ModelKind.Bg, 0.243, 4.414, 0.793, 2.426),
        mbg = new(ModelKind.Mbg, 0.525, 6.183, 0.891, 1.614);

    static readonly ValueModel value = new(6.25, 3.74, 15.44);

    /// <summary>Model, parameters, log-likelihood; published are .243 4.414 .793 2.426 and .525 6.183 .891 1.614.</summary>
    [Theory]
    [InlineData(ModelKind.Bg, 0.242595, 4.413602, 0.792922, 2.425905, -9582.4292)]
    [InlineData(ModelKind.Mbg, 0.524843, 6.183085, 0.891360, 1.614004, -9582.1357)]
    public void a_fit_finds_the_published_parameters(ModelKind kind, double r, double alpha, double a, double b, double logLikelihood)
    {
        var fit = kind == ModelKind.Bg ? Cdnow.Bg : Cdnow.Mbg;
        fit.Degenerate.ShouldBeNull();
        fit.Patterns.ShouldBe(1016);
        fit.LogLikelihood.ShouldBe(logLikelihood, 1e-3);
        (fit.Model.R, fit.Model.Alpha).ShouldSatisfyAllConditions(p => p.R.ShouldBe(r, 5e-4), p => p.Alpha.ShouldBe(alpha, 5e-4));
        (fit.Model.A, fit.Model.B).ShouldSatisfyAllConditions(p => p.A.ShouldBe(a, 5e-4), p => p.B.ShouldBe(b, 5e-4));
    }

    [Fact]
    public void the_value_of_purchases_is_the_published_one()
    {
        var fit = Cdnow.Value;
        fit.Degenerate.ShouldBeNull();
        fit.Buyers.ShouldBe(946);
        fit.Correlation.ShouldBe(0.1139, 5e-5);
        fit.LogLikelihood.ShouldBe(-4055.9177, 1e-3);
        fit.Model.P.ShouldBe(6.249574, 5e-4);
        fit.Model.Q.ShouldBe(3.744224, 5e-4);
        fit.Model.V.ShouldBe(15.443516, 2e-3);
        value.Expected(2, 22.35).ShouldBe(24.664, 5e-4);
    }

    /// <summary>P(alive) and purchases in 39 weeks: BG/NBD, MBG/NBD.</summary>
    [Theory]
    [InlineData(2, 30.43, 38.86, 0.7266, 1.2260, 0.7062, 1.2630)]
    [InlineData(1, 1.71, 38.86, 0.2121, 0.2032, 0.1708, 0.1888)]
    [InlineData(0, 0, 38.86, 1.0000, 0.1951, 0.3897, 0.1540)]
    [InlineData(7, 29.43, 38.86, 0.6418, 3.3371, 0.6227, 3.1676)]
    public void published_parameters_give_these(int x, double recency, double age, double p1, double e1, double p2, double e2)
    {
        bg.Alive(x, recency, age).ShouldBe(p1, 5e-5);
        bg.Expected(x, recency, age, Cdnow.Weeks).ShouldBe(e1, 5e-5);
        mbg.Alive(x, recency, age).ShouldBe(p2, 5e-5);
        mbg.Expected(x, recency, age, Cdnow.Weeks).ShouldBe(e2, 5e-5);
    }

    [Fact]
    public void twelve_months_are_worth_this()
    {
        var score = new Scorer(bg, value, margin: 1).Of(2, 30.43, 38.86, 22.35);
        score.Weeks52.ShouldBe(1.5587, 5e-5);
        score.Clv.ShouldBe(36.2091, 5e-5);
        score = new Scorer(mbg, value, margin: 1).Of(2, 30.43, 38.86, 22.35);
        score.Weeks52.ShouldBe(1.5972, 5e-5);
        score.Clv.ShouldBe(37.1218, 5e-5);
        new Scorer(mbg, value, margin: 0.25).Of(2, 30.43, 38.86, 22.35).Clv.ShouldBe(37.1218 / 4, 5e-5);
    }

    /// <summary>Weeks since the first purchase at which P(alive) falls to .5, .3, .2; 0: not given.</summary>
    [Theory]
    [InlineData(0, 0, 12.989, 90.108, 0)]
    [InlineData(1, 10, 26.594, 50.947, 75.168)]
    [InlineData(5, 40, 60.200, 71.202, 79.132)]
    [InlineData(10, 50, 65.523, 71.534, 75.617)]
    public void probability_falls_at_these_instants(int x, double recency, double half, double third, double fifth)
    {
        foreach (var (level, at) in new[] { (0.5, half), (0.3, third), (0.2, fifth) })
            if (at > 0)
                mbg.FallsTo(level, x, recency)!.Value.ShouldBe(at, 5e-4);
    }

    /// <summary>Of 1,882 purchase days in the 39 weeks afterwards: predicted, mean absolute and root mean squared error.</summary>
    [Theory]
    [InlineData(ModelKind.Bg, 1653.4, 0.7855, 1.6080)]
    [InlineData(ModelKind.Mbg, 1576.7, 0.7648, 1.6072)]
    public void what_was_not_known_is_predicted_so_well(ModelKind kind, double total, double absolute, double squared)
    {
        var model = (kind == ModelKind.Bg ? Cdnow.Bg : Cdnow.Mbg).Model;
        var errors = Cdnow.Customers.Select(c => model.Expected(c.X, c.Recency, c.Age, Cdnow.Weeks) - c.Bought).ToList();
        Cdnow.Customers.Sum(c => c.Bought).ShouldBe(1882);
        (errors.Sum() + 1882).ShouldBe(total, 0.05);
        errors.Average(Math.Abs).ShouldBe(absolute, 5e-5);
        Math.Sqrt(errors.Average(e => e * e)).ShouldBe(squared, 5e-5);
    }

    [Fact]
    public void probabilities_are_calibrated_as_an_independent_program_says()
    {
        var c = Calibration.Of(Cdnow.Mbg.Model, Cdnow.Value.Model, Cdnow.Weeks, Cdnow.Customers);
        c.Customers.ShouldBe(2357);
        double[] measured = [c.Base, c.Predicted, c.Brier, c.Skill!.Value, c.Auc!.Value, c.Ece];
        double[] expected = [0.2902, 0.2400, 0.1614, 0.2164, 0.7601, 0.0550];
        double[] predicted = [0.7372, 0.4784, 0.3020, 0.1560, 0.1367, 0.1310, 0.1255, 0.1205, 0.1154, 0.0989];
        double[] observed = [0.8128, 0.5381, 0.4364, 0.2553, 0.1864, 0.1398, 0.1021, 0.1398, 0.1144, 0.1780];
        measured.Zip(expected, (m, e) => Math.Abs(m - e)).Max().ShouldBeLessThan(5.1e-5);
        c.Deciles.Zip(predicted, (d, e) => Math.Abs(d.Predicted - e)).Max().ShouldBeLessThan(5.1e-5);
        c.Deciles.Zip(observed, (d, e) => Math.Abs(d.Observed - e)).Max().ShouldBeLessThan(5.1e-5);
        c.ByValue.Sum(d => d.Observed).ShouldBe(1882);
        c.ByValue.Sum(d => d.Predicted).ShouldBe(c.PredictedPurchases, 1e-9);
    }
}
