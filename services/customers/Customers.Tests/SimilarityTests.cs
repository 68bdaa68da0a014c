using CrmPlatform.Customers.Identity;

namespace CrmPlatform.Customers.Tests;

/// <summary>How alike two texts are, and whether a number can be one, against published values.</summary>
public sealed class SimilarityTests
{
    [Theory]
    [InlineData("11010519491231002X", false, true)]
    [InlineData("11010519491231002x", false, true)]
    [InlineData("440524188001010014", false, true)]
    [InlineData("440524188001010015", false, false)]
    [InlineData("91350100M000100Y43", true, true)]
    [InlineData("91350100M000100Y44", true, false)]
    [InlineData("91350100M000100Y43", false, false)]
    [InlineData("1", false, false)]
    public void an_official_number_ends_with_its_check_character(string number, bool company, bool valid) =>
        OfficialNumbers.IsValid(number, company).ShouldBe(valid);

    [Theory]
    [InlineData("martha", "marhta", .9611)]
    [InlineData("dixon", "dicksonx", .8133)]
    [InlineData("dwayne", "duane", .84)]
    [InlineData("王小明", "王晓明", .80)]
    [InlineData("", "a", 0)]
    public void jaro_winkler_is_as_published(string one, string other, double alike)
    {
        Similarity.JaroWinkler(one, other).ShouldBe(alike, .00005);
        Similarity.JaroWinkler(other, one).ShouldBe(alike, .00005);
    }

    [Theory]
    [InlineData("19990219", "19990291", 1)]
    [InlineData("19990219", "1999219", 1)]
    [InlineData("4814", "4184", 1)]
    [InlineData("ca", "abc", 3)]
    [InlineData("", "abc", 3)]
    public void edits_are_insertions_deletions_replacements_and_swaps(string one, string other, int edits)
    {
        Similarity.Edits(one, other).ShouldBe(edits);
        Similarity.Edits(other, one).ShouldBe(edits);
    }
}
