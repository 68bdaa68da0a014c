using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Quality;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Customers.Tests.Quality.Assessed;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>Scores, against the numbers of the design.</summary>
public sealed class QualityScoreTests
{
    static readonly QualityRules rules = QualityRules.Initial;

    [Fact]
    public void the_worked_example_is_76_9()
    {
        var details = Details(new(Name: "王小明", City: "深圳", Language: "zh-CN"), new Contact("phone", "13812341234", Now.AddDays(-200)));
        var customer = After(Registered(details), Consent());
        var score = QualityScore.Of(customer, rules, Now);
        score.Completeness.ShouldBe(10 / 12d, 1e-9);
        score.Validity.ShouldBe(1);
        score.Timeliness.ShouldBe(0.4521, 5e-5);
        (score.Score, score.Band).ShouldBe((76.9, QualityBand.Fair));
        QualityScore.Of(After(Registered(details)), rules, Now).Completeness.ShouldBe(0.6667, 5e-5, "without an answer about consent");
    }

    [Theory]
    [InlineData(1, 1, 1d / 3, 80, QualityBand.Good)]
    [InlineData(1, 1, 0.3314, 79.9, QualityBand.Fair)]
    [InlineData(0.75, 1, 0, 60, QualityBand.Fair)]
    [InlineData(0.7487, 1, 0, 59.9, QualityBand.Poor)]
    [InlineData(0, 0, 0, 0, QualityBand.Poor)]
    public void a_band_is_that_of_the_rounded_score(double complete, double valid, double timely, double expected, QualityBand band)
    {
        var score = QualityScore.Of(complete, valid, timely);
        (score.Score, score.Band).ShouldBe((expected, band));
    }

    [Fact]
    public void filling_an_empty_field_never_lowers_completeness() =>
        Prop.ForAll(
                (
                    from weights in Gen.Choose(1, 100).ArrayOf(required.Length)
                    from has in Gen.Elements(true, false).ArrayOf(fields.Length)
                    from filled in Gen.Choose(0, fields.Length - 1)
                    from company in Gen.Elements(true, false)
                    select (weights, has, filled, company)
                ).ToArbitrary(),
                given =>
                {
                    var all = new QualityRules(2, [.. required.Select((id, i) => new QualityRule(id, Weight: given.weights[i]))]);
                    var before = Completeness(given.has);
                    given.has[given.filled] = true;
                    var after = Completeness(given.has);
                    return after >= before && before is >= 0 and <= 1 && after is >= 0 and <= 1;

                    double Completeness(bool[] has)
                    {
                        var details = fields.Where((_, i) => has[i]).Aggregate(Details(new()), (d, fill) => fill(d));
                        var kind = given.company ? CustomerKind.Enterprise : CustomerKind.Individual;
                        return QualityScore.Of(After(Registered(details, kind)), all, Now).Completeness;
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void findings_cost_validity_by_their_severity_and_waived_ones_nothing()
    {
        var details = Details(new(Name: "x"), new Contact("phone", "1"), new Contact("idNumber", "2"));
        var strict = new QualityRules(
            2,
            [
                new("phone-format", RuleSeverity.Warn),
                new("id-number-format", RuleSeverity.Block),
                new("district-unknown", RuleSeverity.Block),
            ]
        );
        var customer = After(Registered(details));
        QualityScore.Of(customer, strict, Now).Validity.ShouldBe(0.3, 1e-9);
        QualityScore.Of(customer, rules, Now).Validity.ShouldBe(0.6, 1e-9);
        var waived = After(Registered(details), new FindingWaived("id-number-format", "contacts", "foreigner", Now.AddDays(1), Now));
        QualityScore.Of(waived, strict, Now).Validity.ShouldBe(0.8, 1e-9);
        QualityScore.Of(waived, strict, Now.AddDays(1)).Validity.ShouldBe(0.3, 1e-9, "its time is up");
        var worst = At(
            new(Name: "x", BirthDate: new(1990, 1, 1), Gender: "male"),
            [new("home", PostalCode: "1", District: "无此区"), new("work", PostalCode: "518000", Province: "北京")],
            new Contact("phone", "1"),
            new Contact("idNumber", "11010519491231002X"),
            new Contact("idNumber", "2")
        );
        QualityScore.Of(After(Registered(worst)), rules, Now).Validity.ShouldBe(0);
    }

    [Fact]
    public void a_verified_contact_is_stale_exactly_when_its_time_is_up()
    {
        var verified = Now.AddDays(-365);
        var customer = After(Registered(Details(new(), new Contact("email", "a@shop.cn", verified), new Contact("email", "b@shop.cn"))));
        Line(Now.AddTicks(-1)).Status.ShouldBeNull();
        var stale = Line(Now);
        (stale.Status, stale.Share, stale.Field, stale.Since).ShouldBe((FindingStatus.Open, 0, "contacts[0]", verified));

        QualityLine Line(DateTimeOffset at) => QualityScore.Lines(customer, rules, at).Single(l => l.Kind == RuleKind.Fresh);
    }

    [Fact]
    public void each_result_names_the_fact_since_which_it_is_so()
    {
        var first = Fact(Registered(Details(new(Name: "王小明"), new Contact("phone", "1"))), 1);
        var second = Fact(Revised(Details(new(Name: "王小明", City: "深圳"), new Contact("phone", "2"))), 2);
        var third = Fact(Consent(), 3);
        var lines = QualityScore
            .Lines(After(first, second, third), rules, Now)
            .ToDictionary(l => l.Rule, l => (l.Status is null, l.SourceEvent));
        lines["name-missing"].ShouldBe((true, first.Id));
        lines["phone-format"].ShouldBe((false, first.Id), "it was broken before, too");
        lines["city-missing"].ShouldBe((true, second.Id));
        lines["consent-missing"].ShouldBe((true, third.Id));
        lines["gender-missing"].ShouldBe((false, first.Id));
        lines.ShouldNotContainKey("industry-missing", "of a person");
    }

    static readonly string[] required = [.. QualityChecks.All.Where(c => c.Kind == RuleKind.Required).Select(c => c.Id)];

    static readonly Func<PersonalDetails, PersonalDetails>[] fields =
    [
        d => d with { Name = "x" },
        d => d with { BirthDate = new(1990, 1, 1) },
        d => d with { Contacts = [.. d.Contacts, new("phone", "13812341234")] },
        d => d with { Contacts = [.. d.Contacts, new("idNumber", "2")] },
        d => d with { Addresses = [new("home", City: "深圳")] },
        d => d with { Preferences = new Dictionary<string, string> { ["a"] = "b" } },
        d => d with { Demographics = d.Demographics with { Gender = "undisclosed" } },
        d => d with { Demographics = d.Demographics with { City = "深圳" } },
        d => d with { Demographics = d.Demographics with { Province = "广东" } },
        d => d with { Demographics = d.Demographics with { Language = "zh-CN" } },
        d => d with { Demographics = d.Demographics with { Industry = "retail" } },
        d => d with { Demographics = d.Demographics with { AgeBand = "25-34" } },
        d => d with { Demographics = d.Demographics with { IncomeBand = "50-74K" } },
        d => d with { Demographics = d.Demographics with { HouseholdSize = 2 } },
        d => d with { Demographics = d.Demographics with { MaritalStatus = "married" } },
        d => d with { Demographics = d.Demographics with { CompanySize = "50-99" } },
    ];
}
