using CrmPlatform.Customers.Identity;
using static CrmPlatform.Customers.Tests.People;

namespace CrmPlatform.Customers.Tests;

/// <summary>The worked numbers of the specification among 1,000,000 customers, to four decimals.</summary>
public sealed class MatchScoreTests
{
    const long Million = 1_000_000;
    const double Rare = 2e-5,
        Common = 3e-3;

    static void Check(MatchProfile one, MatchProfile other, double share, double weight, double p, MatchVerdict verdict)
    {
        var context = Among(Million, share);
        var score = Score(one, other, context);
        score.Weight.ShouldBe(weight, .00005, string.Join(", ", score.Lines));
        score.Probability.ShouldBe(p, .0001);
        score.Lines.Sum(l => l.Bits).ShouldBe(score.Weight, 1e-9, "the waterfall adds up");
        Verdict(one, other, context).ShouldBe(verdict);
        Score(other, one, context).Weight.ShouldBe(score.Weight);
    }

    [Fact]
    public void the_base_without_an_identifier_is_the_expected_share_of_repeats()
    {
        MatchScore.Prior(Million).ShouldBe(-24.2535, .00005);
        MatchScore.Prior(1_000).ShouldBe(-14.2877, .00005);
        MatchScore.Prior(3).ShouldBe(MatchScore.Prior(1_000), "few customers are no reason to believe more");
    }

    [Theory]
    [InlineData(IdentifierKind.IdNumber, false, 9.9643)]
    [InlineData(IdentifierKind.Wechat, false, 5.6147)]
    [InlineData(IdentifierKind.Email, true, 3.7318)]
    [InlineData(IdentifierKind.Email, false, 2.0000)]
    [InlineData(IdentifierKind.Mobile, true, 2.5025)]
    [InlineData(IdentifierKind.Mobile, false, .5850)]
    public void an_equal_identifier_anchors_by_the_share_of_pairs_that_are_one(IdentifierKind kind, bool verified, double bits) =>
        IdentifierRule.Of(kind).Anchor(verified)!.Value.ShouldBe(bits, .00005);

    [Fact]
    public void name_birth_date_and_district_without_identifier_are_reviewed() =>
        Check(Person("诸葛一", "19900311", "110105"), Person("诸葛一", "19900311", "110105"), Rare, 4.7465, .9641, MatchVerdict.Review);

    [Fact]
    public void with_an_equal_verified_mobile_they_are_linked()
    {
        var one = Person("诸葛一", "19900311", "110105", Mobile());
        Check(one, one, Rare, 31.5025, 1, MatchVerdict.Link);
    }

    [Fact]
    public void a_verified_mobile_and_a_common_name_link_but_not_if_it_was_verified_long_ago()
    {
        MatchModel.BitsOfName(Common).ShouldBe(8.2288, .00005);
        Check(Person("王伟", null, null, Mobile()), Person("王伟", null, null, Mobile()), Common, 10.7313, .99941, MatchVerdict.Link);
        Check(Person("王伟", null, null, Mobile(180)), Person("王伟", null, null, Mobile()), Common, 8.8138, .99778, MatchVerdict.Review);
        Check(Person("王伟", null, null, Mobile(179)), Person("王伟", null, null, Mobile()), Common, 10.7313, .99941, MatchVerdict.Link);
    }

    [Fact]
    public void a_family_phone_or_one_that_was_reissued_finds_nobody() =>
        Check(
            Person("王伟", "19620504", null, Mobile()),
            Person("李娜", "19880923", null, Mobile()),
            Common,
            -5.4975,
            .0217,
            MatchVerdict.None
        );

    [Fact]
    public void mobile_and_email_under_another_name_are_reviewed() =>
        Check(
            Person("王伟", null, null, Mobile(), Email()),
            Person("李娜", null, null, Mobile(), Email()),
            Common,
            5.7318,
            .9815,
            MatchVerdict.Review
        );

    [Fact]
    public void an_identity_number_under_another_name_is_reviewed() =>
        Check(Person("王伟", null, null, IdNumber()), Person("李娜", null, null, IdNumber()), Common, 5.9643, .9842, MatchVerdict.Review);

    [Fact]
    public void a_verified_mobile_alone_is_reviewed() =>
        Check(Person(null, null, null, Mobile()), Person("王伟", null, null, Mobile()), Common, 2.5025, .85, MatchVerdict.Review);

    [Theory]
    [InlineData("王", 3.65)]
    [InlineData("欧阳", 10.36)]
    [InlineData("司马", 14)]
    public void a_surname_is_worth_what_its_share_says(string surname, double bits) =>
        MatchModel.BitsOfName(Surnames.Share(surname)!.Value).ShouldBe(bits, .005);

    [Fact]
    public void further_equal_identifiers_add_six_bits_each_and_twelve_at_most()
    {
        var wechat = new Identifier(IdentifierKind.Wechat, "union-1");
        double Of(params Identifier[] ids) => Score(Person(null, null, null, ids), Person(null, null, null, ids), Among(Million)).Weight;
        Of(wechat).ShouldBe(5.6147, .00005);
        Of(wechat, Email()).ShouldBe(11.6147, .00005);
        Of(wechat, Email(), Mobile()).ShouldBe(17.6147, .00005);
        Of(wechat, Email(), Mobile(), IdNumber()).ShouldBe(21.9643, .00005);
    }

    [Theory]
    [InlineData("Ann Lee", "Lee Ann", "given-name:exact:7, surname:exact:8")]
    [InlineData("Ann Lee", "Anne Lee", "given-name:near:5, surname:exact:8")]
    [InlineData("Ann Lee", "Lee", "surname:exact:8")]
    [InlineData("王小明", "Xiaoming Wang", "name:same-pinyin:11")]
    [InlineData("王小明", "王晓明", "name:same-pinyin:11")]
    [InlineData("王小明", "小明王", "name:swapped:5")]
    [InlineData("王小明", "Ann Lee", "name:else:-4")]
    public void names_agree_in_either_order_and_script(string one, string other, string lines) =>
        string.Join(
                ", ",
                Score(Person(one), Person(other), Among(Million, Rare)).Lines.Skip(1).Select(l => $"{l.Comparison}:{l.Level}:{l.Bits}")
            )
            .ShouldBe(lines);
}
