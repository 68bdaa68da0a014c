using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Customers.Tests;

/// <summary>What holds for any two profiles.</summary>
public sealed class MatchPropertyTests
{
    static readonly MatchContext context = new(
        50_000,
        name => name.Surname is { } s ? Surnames.Share(s) ?? 0 : 0,
        i => i.Value.EndsWith('0'),
        People.Now
    );

    // Few values of each kind, so that pairs agree in some.
    static readonly Gen<MatchProfile> profiles =
        from kind in Gen.Frequency((9, Gen.Constant(CustomerKind.Individual)), (1, Gen.Constant(CustomerKind.Enterprise)))
        from name in Gen.Elements(
            null,
            "王伟",
            "王玮",
            "伟王",
            "李娜",
            "欧阳修文",
            "欧阳修",
            "Wang Wei",
            "Wei Wang",
            "Ann Lee",
            "Anne Lee",
            "Lee",
            "司马"
        )
        from birth in Gen.Elements(null, "19900311", "19901103", "19900312", "19700101", "19700102", "19880923")
        from gender in Gen.Elements(null, "female", "male")
        from addresses in (
            from district in Gen.Elements(null, "110105", "440305")
            from street in Gen.Elements(null, "人民路1", "人民路12", "中山路5-3-201")
            from code in Gen.Elements(null, "100020", "100021", "518000")
            select new MatchAddress(district, street, null, code)
        ).ListOf(2)
        from identifiers in (
            from of in Gen.Elements(Enum.GetValues<IdentifierKind>())
            from value in Gen.Elements("a@x.cn", "a+1@x.cn", "13912345670", "13912345671", "13912345672")
            from verified in Gen.Elements<DateTimeOffset?>(null, People.Now.AddDays(-1), People.Now.AddDays(-400))
            select new Identifier(of, value, verified)
        ).ListOf(3)
        select new MatchProfile(
            kind,
            kind == CustomerKind.Enterprise ? MatchName.OfCompany(name) : MatchName.OfPerson(name),
            birth,
            gender,
            [.. addresses],
            [.. identifiers.DistinctBy(i => (i.Kind, i.Value))]
        );

    static void ForAll<T>(Gen<T> values, Action<T> check) =>
        Prop.ForAll(values.ToArbitrary(), check).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void a_score_does_not_depend_on_which_of_the_two_is_first() =>
        ForAll(
            from one in profiles
            from other in profiles
            select (one, other),
            pair =>
            {
                var (there, back) = (
                    MatchScore.Of(pair.one, pair.other, MatchModel.M1, context),
                    MatchScore.Of(pair.other, pair.one, MatchModel.M1, context)
                );
                back.Lines.ShouldBe(there.Lines);
                (back with { Lines = there.Lines }).ShouldBe(there);
                MatchDecision
                    .Of(pair.other, pair.one, back, new(), new(), People.Now)
                    .ShouldBe(MatchDecision.Of(pair.one, pair.other, there, new(), new(), People.Now));
            }
        );

    [Fact]
    public void a_better_level_never_lowers_the_probability() =>
        ForAll(
            from one in profiles
            from other in profiles
            select (one, other),
            pair =>
            {
                foreach (var comparison in MatchModel.M1.Comparisons)
                {
                    if (comparison.Of(pair.one, pair.other) is null)
                        continue;
                    var bits = comparison.Bits(pair.one, pair.other, context.Share);
                    bits.Count.ShouldBe(comparison.Levels.Count);
                    bits.OrderDescending().SequenceEqual(bits).ShouldBeTrue(comparison.Name);
                }
            }
        );

    [Fact]
    public void what_is_missing_neither_helps_nor_harms() =>
        ForAll(
            from one in profiles
            from other in profiles
            select (one, other),
            pair =>
            {
                var empty = new MatchProfile(pair.other.Kind, null, null, null, [], []);
                MatchScore.Of(pair.one, empty, MatchModel.M1, context).Weight.ShouldBe(MatchScore.Prior(context.Customers));
            }
        );

    [Fact]
    public void the_order_in_which_customers_come_does_not_change_the_candidates() =>
        ForAll(
            from people in profiles.ListOf(12)
            from seed in Gen.Choose(0, 1_000_000)
            select (people: people.ToArray(), seed),
            sample =>
            {
                int[] order = [.. Enumerable.Range(0, sample.people.Length)];
                var straight = Candidates(sample.people, order);
                new Random(sample.seed).Shuffle(order);
                Candidates(sample.people, order).ShouldBe(straight);
            }
        );

    /// <summary>Each newcomer is compared with those before who share a key.</summary>
    static List<(int, int, double)> Candidates(MatchProfile[] people, int[] order)
    {
        var (known, found) = (new Dictionary<BlockingKey, List<int>>(), new List<(int, int, double)>());
        foreach (var newcomer in order)
        {
            var keys = BlockingKeys.Of(people[newcomer]).Distinct().ToList();
            foreach (var before in keys.SelectMany(k => known.GetValueOrDefault(k) ?? []).Distinct())
            {
                var score = MatchScore.Of(people[newcomer], people[before], MatchModel.M1, context);
                if (MatchDecision.Of(people[newcomer], people[before], score, new(), new(), People.Now) != MatchVerdict.None)
                    found.Add((Math.Min(newcomer, before), Math.Max(newcomer, before), score.Weight));
            }
            foreach (var key in keys)
                (known.TryGetValue(key, out var there) ? there : known[key] = []).Add(newcomer);
        }
        return [.. found.Order()];
    }
}
