using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Loyalty.Tests.Rewards;

public class CouponCodeTests
{
    const string Alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    [Fact]
    public void codes_differ_use_the_whole_alphabet_and_are_read_as_they_were_issued()
    {
        var codes = Enumerable.Range(0, 5_000).Select(_ => CouponCode.New()).ToArray();
        codes.ShouldBeUnique();
        codes.ShouldAllBe(code => CouponCode.Read(code) == code && code.Length == 20);
        codes.SelectMany(code => code).Distinct().Order().ShouldBe(Alphabet.Append('-').Order());
        foreach (var place in Enumerable.Range(0, 20).Except([6, 13]))
            codes
                .Select(code => code[place])
                .Distinct()
                .Count()
                .ShouldBe(31, "17 places that are free and one that follows from them: 84 bits");
        CouponCode.Read(" " + codes[0].ToLowerInvariant().Replace('-', ' ')).ShouldBe(codes[0]);
    }

    [Fact]
    public void a_wrong_character_and_two_that_changed_places_are_noticed() =>
        Prop.ForAll(
                (
                    from one in Gen.Choose(0, 17)
                    from two in Gen.Choose(0, 17)
                    from wrong in Gen.Elements<char>(Alphabet)
                    select (one, two, wrong)
                ).ToArbitrary(),
                mistake =>
                {
                    var (one, two, wrong) = mistake;
                    var code = CouponCode.New().Replace("-", "", StringComparison.Ordinal).ToCharArray();
                    var replaced = (char[])code.Clone();
                    replaced[one] = wrong;
                    var swapped = (char[])code.Clone();
                    (swapped[one], swapped[two]) = (swapped[two], swapped[one]);
                    return CouponCode.Read(new(replaced)) is null != (wrong == code[one])
                        && CouponCode.Read(new(swapped)) is null != (code[one] == code[two]);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    public static TheoryData<string> Dashes => Each("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uFE58\uFE63\uFF0D");

    [Theory, MemberData(nameof(Dashes))]
    public void every_dash_is_a_hyphen(string dash) => Understood(code => code.Replace("-", dash, StringComparison.Ordinal));

    public static TheoryData<string> Spaces => Each(" \t\r\n\u00A0\u2003\u2009\u202F\u3000\u200B\u2060\uFEFF\u00AD");

    static TheoryData<string> Each(string characters)
    {
        var data = new TheoryData<string>();
        foreach (var c in characters)
            data.Add(c.ToString());
        return data;
    }

    [Fact]
    public void half_a_character_is_no_code() => CouponCode.Read(new string('\uD83C', 18)).ShouldBeNull();

    [Theory, MemberData(nameof(Spaces))]
    public void white_space_and_what_is_invisible_is_nothing(string space) =>
        Understood(code => space + code.Replace("-", "-" + space, StringComparison.Ordinal) + space);

    [Fact]
    public void full_width_characters_are_plain_ones() => Understood(code => new([.. code.Select(c => (char)(c - '!' + '\uFF01'))]));

    static void Understood(Func<string, string> type)
    {
        var (coupon, referral) = (CouponCode.New(), Loyalty.Referrals.ReferralCode.New());
        CouponCode.Read(type(coupon)).ShouldBe(coupon);
        CouponCode.Read(type(coupon.ToLowerInvariant())).ShouldBe(coupon);
        Loyalty.Referrals.ReferralCode.Read(type(referral)).ShouldBe(referral);
    }

    [Theory]
    [
        InlineData("\uD83C\uDF81222222-222222-222222"),
        InlineData(""),
        InlineData("-"),
        InlineData("K7QWP3"),
        InlineData("222222-222222-2222222"),
        InlineData("OOOOOO-IIIIII-LLLLLL"),
        InlineData("二二二二二二二二二二二二二二二二二二")
    ]
    public void what_is_no_code_is_read_as_none(string typed) => CouponCode.Read(typed).ShouldBeNull();
}
