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

    [Theory]
    [
        InlineData(""),
        InlineData("-"),
        InlineData("K7QWP3"),
        InlineData("222222-222222-2222222"),
        InlineData("OOOOOO-IIIIII-LLLLLL"),
        InlineData("二二二二二二二二二二二二二二二二二二")
    ]
    public void what_is_no_code_is_read_as_none(string typed) => CouponCode.Read(typed).ShouldBeNull();
}
