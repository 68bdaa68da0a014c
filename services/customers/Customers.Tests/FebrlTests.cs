using CrmPlatform.Customers.Identity;
using Record = CrmPlatform.Customers.Tests.Febrl.Record;

namespace CrmPlatform.Customers.Tests;

/// <summary>How well known duplicates are found; the expected numbers are those of an independent program.</summary>
public sealed class FebrlTests
{
    static readonly Lazy<Found> first = new(() => Compare(1)),
        second = new(() => Compare(2));

    /// <param name="True">How many pairs of records are of one person.</param>
    sealed record Found(List<Record> Records, int True, Dictionary<(int First, int Second), MatchScore> Scores)
    {
        public bool IsTrue((int First, int Second) pair) => Records[pair.First].Person == Records[pair.Second].Person;

        public (int Links, int Right) From(double probability, double below = 2)
        {
            var links = Scores.Where(s => s.Value.Probability >= probability && s.Value.Probability < below).Select(s => s.Key).ToList();
            return (links.Count, links.Count(IsTrue));
        }
    }

    static Found Compare(int set)
    {
        var records = Febrl.Read(set);
        var context = new MatchContext(records.Count, _ => 0, _ => false, People.Now);
        var pairs = Febrl.Pairs(records, Febrl.Blocks);
        return new(
            records,
            records.CountBy(r => r.Person).Sum(n => n.Value * (n.Value - 1) / 2),
            pairs.ToDictionary(p => p, p => MatchScore.Of(records[p.First].Profile, records[p.Second].Profile, Febrl.Latin, context))
        );
    }

    static Found Set(int set) => (set == 1 ? first : second).Value;

    [Theory]
    [InlineData(1, 1_000, 500, 499, 499, 1)]
    [InlineData(2, 5_000, 1_934, 1_912, 1_912, 13)]
    public void duplicates_are_found_and_nobody_else(int set, int records, int pairs, int links, int right, int review)
    {
        var found = Set(set);
        (found.Records.Count, found.True).ShouldBe((records, pairs));
        found.From(.99).ShouldBe((links, right));
        found.From(.5, below: .999).ShouldBe((review, review), "all of those that are reviewed are right");
        ((double)right / found.True).ShouldBeGreaterThanOrEqualTo(.985);
    }

    [Theory]
    [InlineData(1, 1.000, .99896)]
    [InlineData(2, .9953, .99979)]
    public void few_pairs_are_compared_and_they_hold_nearly_all_duplicates(int set, double completeness, double reduction)
    {
        var found = Set(set);
        var all = found.Records.Count * (found.Records.Count - 1L) / 2;
        ((double)found.Scores.Keys.Count(found.IsTrue) / found.True).ShouldBe(completeness, .00005);
        (1 - (double)found.Scores.Count / all).ShouldBe(reduction, .000005);
    }

    [Theory]
    [InlineData(1, .900, .404)]
    [InlineData(2, .872, .317)]
    public void neither_the_number_alone_nor_name_and_birth_date_alone_find_enough(int set, double number, double nameAndBirth)
    {
        var found = Set(set);
        double Recall(params string[] exact) =>
            (double)
                found.Scores.Count(s =>
                    found.IsTrue(s.Key) && exact.All(c => s.Value.Lines.Any(l => l.Comparison == c && l.Level == "exact"))
                ) / found.True;
        Recall("id").ShouldBe(number, .0005);
        Recall("given-name", "surname", "birth-date").ShouldBe(nameAndBirth, .0005);
    }

    [Fact]
    public void the_worked_pair_adds_up()
    {
        var found = Set(1);
        var (a, b) = (found.Records.FindIndex(r => r.Id == "rec-122-org"), found.Records.FindIndex(r => r.Id == "rec-122-dup-0"));
        var score = found.Scores[(Math.Min(a, b), Math.Max(a, b))];
        score.Lines.Select(l => l.Bits).ShouldBe([MatchScore.Prior(1_000), 7, 8, 12, 14, 9, 7, 3, 5]);
        score.Weight.ShouldBe(50.7123, .00005);
    }
}
