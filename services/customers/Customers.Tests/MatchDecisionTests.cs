using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using static CrmPlatform.Customers.Tests.People;

namespace CrmPlatform.Customers.Tests;

/// <summary>The decision about a pair, row by row, and what guards it.</summary>
public sealed class MatchDecisionTests
{
    const string OtherNumber = "440524188001010014";
    static readonly MatchContext million = Among(1_000_000, 2e-5);

    static MatchProfile Same(params Identifier[] more) => Person("诸葛一", "19900311", "110105", [Mobile(), .. more]);

    [Fact]
    public void differing_identity_numbers_never_link_and_are_told_where_all_else_agrees()
    {
        var (one, other) = (Same(IdNumber()), Same(IdNumber(OtherNumber)));
        var score = Score(one, other, million);
        score.Lines.ShouldContain(new MatchLine("id-number", "differs", -12));
        score.ProbabilityOtherwise.ShouldBe(Score(Same(), Same(), million).Probability, 1e-9);
        Verdict(one, other, million).ShouldBe(MatchVerdict.Contradicted);
        Verdict(Person(null, "19900311", null, IdNumber()), Person(null, "19900311", null, IdNumber(OtherNumber)), million)
            .ShouldBe(MatchVerdict.None, "nothing to be told");
    }

    [Fact]
    public void a_chain_does_not_join_what_cannot_be_one()
    {
        var (a, b, c) = (Same(IdNumber()), Same(), Same(IdNumber(OtherNumber)));
        MatchDecision.Contradict([a, b], [c]).ShouldBeTrue();
        MatchDecision.Contradict([b], [c]).ShouldBeFalse();
        Verdict(b, c, million).ShouldBe(MatchVerdict.Link);
        Verdict(b, c, million, new(Members: 3, Contradiction: true)).ShouldBe(MatchVerdict.Contradicted);
    }

    [Fact]
    public void a_group_that_reaches_its_limits_is_not_linked_by_machine()
    {
        Verdict(Same(), Same(), million, new(Members: 20)).ShouldBe(MatchVerdict.Link);
        Verdict(Same(), Same(), million, new(Members: 21)).ShouldBe(MatchVerdict.Limited);
        Verdict(Same(), Same(), million, new(Links: 100)).ShouldBe(MatchVerdict.Limited);
        Verdict(Person("诸葛一"), Person("诸葛一"), million, new(Members: 21)).ShouldBe(MatchVerdict.None);
    }

    [Fact]
    public void a_generic_value_anchors_nothing_and_forbids_to_link()
    {
        var generic = million with { IsGeneric = i => i.Kind == IdentifierKind.Mobile };
        Score(Same(), Same(), generic).Lines[0].ShouldBe(new MatchLine("base", "prior", MatchScore.Prior(1_000_000)));
        Verdict(Same(), Same(), generic).ShouldBe(MatchVerdict.Limited);
        Verdict(Person(null, null, null, Mobile()), Person(null, null, null, Mobile()), generic).ShouldBe(MatchVerdict.None);
    }

    [Fact]
    public void what_is_not_verified_on_both_sides_does_not_link()
    {
        var unverified = Person("诸葛一", "19900311", "110105", Mobile(null), Email(verified: false));
        Verdict(Same(Email()), Same(Email()), million).ShouldBe(MatchVerdict.Link);
        Verdict(unverified, unverified, million).ShouldBe(MatchVerdict.Review);
        Verdict(Same(Email()), unverified, million).ShouldBe(MatchVerdict.Review);
    }

    [Fact]
    public void an_identity_number_and_another_name_do_not_link()
    {
        var verified = IdNumber() with { VerifiedAt = Now };
        Verdict(Person("诸葛一", "19900311", null, verified), Person("诸葛一", "19900311", null, verified), million)
            .ShouldBe(MatchVerdict.Review, "a number that two customers have is looked at");
        Verdict(Person("诸葛一", "19900311", null, Mobile(), Email()), Person("李娜", "19900311", null, Mobile(), Email()), million)
            .ShouldBe(MatchVerdict.Review);
    }

    [Fact]
    public void nothing_links_where_it_is_turned_off_or_somebody_took_them_apart()
    {
        Verdict(Same(), Same(), million, options: new() { AutoOff = true }).ShouldBe(MatchVerdict.Review);
        Verdict(Same(), Same(), million, new(Separated: true)).ShouldBe(MatchVerdict.Review);
    }

    [Fact]
    public void who_is_known_to_be_under_14_is_not_linked_by_machine()
    {
        MatchVerdict Born(string day) => Verdict(Same() with { BirthDate = day }, Same() with { BirthDate = day }, million);
        Born("20120601").ShouldBe(MatchVerdict.Link, "14 today");
        Born("20120602").ShouldBe(MatchVerdict.Review);
    }

    [Fact]
    public void a_company_is_never_a_person() =>
        Verdict(Same(), Same() with { Kind = CustomerKind.Enterprise }, million).ShouldBe(MatchVerdict.None);

    [Fact]
    public void a_plus_in_an_email_address_is_a_hint_and_no_anchor()
    {
        var score = Score(
            Person(null, null, null, Email(value: "ann@shop.cn")),
            Person(null, null, null, Email(value: "ann+x@shop.cn")),
            million
        );
        score.Anchored.ShouldBeFalse();
        score.Lines.ShouldContain(new MatchLine("email", "same-without-plus", 4));
    }

    [Fact]
    public void certain_is_what_an_identifier_anchors_and_the_name_agrees_with()
    {
        bool Certain(MatchProfile one, MatchProfile other) =>
            MatchDecision.IsCertain(Score(one, other, million), Verdict(one, other, million), new());
        var unverified = Person("诸葛一", "19900311", null, Email(verified: false));
        Certain(unverified, unverified).ShouldBeTrue();
        Certain(unverified, unverified with { Name = MatchName.OfPerson("李娜") }).ShouldBeFalse();
        Certain(Same(), Same() with { Identifiers = [] }).ShouldBeFalse("nobody is refused without an equal identifier");
        Certain(Same(IdNumber()), Same(IdNumber(OtherNumber))).ShouldBeFalse();
    }
}
