using System.Text.Json;
using CrmPlatform.Loyalty.Programme;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Given;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>Any purchase under rules of all kinds, and any returns of it, with lines and without.</summary>
public class ReturnedLinesProperties
{
    /// <summary>So many percent of what is left: of one line, or of the purchase where Line is null.</summary>
    sealed record Part(int? Line, int Percent);

    sealed record Story(decimal Rate, ReturnPolicy Policy, int[] Cents, Part[] Parts);

    static readonly string[] categories = ["toys", "books", "toys", "food"];

    static readonly Arbitrary<Story> stories = (
        from rate in Gen.Elements(1m, 1.0837m, 0.1379m, 161.37m)
        from policy in Gen.Elements(ReturnPolicy.WithinBalance, ReturnPolicy.Unlimited)
        from cents in Gen.Choose(1, 50_000).ArrayOf(4)
        from parts in (
            from line in Gen.Choose(-2, 3)
            from percent in Gen.Frequency((3, Gen.Choose(1, 99)), (1, Gen.Constant(100)))
            select new Part(line < 0 ? null : line, percent)
        ).ArrayOf()
        select new Story(rate, policy, cents, parts)
    ).ToArbitrary();

    static LoyaltyRules SomeRules(ReturnPolicy policy)
    {
        var rules = Rules(policy);
        rules.Schemes[0] = new()
        {
            Tiers =
            [
                new()
                {
                    Name = "Bronze",
                    Benefits = new() { Multiplier = 1.25m },
                },
            ],
        };
        rules.Rules[0] = Set(
            1,
            Day(-10_000),
            new() { Name = "base", PerUnit = 1 },
            new()
            {
                Name = "toys",
                PerUnit = 0.7m,
                Qualifying = 0.5m,
                When = new() { Categories = ["toys"] },
            },
            new()
            {
                Name = "first-book",
                Points = 77,
                When = new() { Products = ["p1"] },
                Hold = new() { Days = 30 },
            },
            new() { Name = "welcome", Points = 50 },
            new() { Name = "double", Multiply = 2 }
        );
        return rules;
    }

    /// <summary>The account after the purchase and after each return, and what was told.</summary>
    static (List<LoyaltyAccount> Accounts, List<ReversePoints> Told, List<IAccountEvent> Facts) Live(Story story, bool rest = true)
    {
        var rules = SomeRules(story.Policy);
        decimal[] nets = [.. story.Cents.Select(c => c / 100m)];
        Line[] lines = [.. nets.Select((net, i) => new Line($"p{i}", categories[i], net * story.Rate))];
        var facts = new EarnPoints(Id(1), Base(nets.Sum()), Day(1), "", lines, story.Rate).Decide(LoyaltyAccount.Initial, rules).ToList();
        var (accounts, told) = (new List<LoyaltyAccount> { Account([.. facts]) }, new List<ReversePoints>());
        var (left, back) = (nets.ToArray(), 0m);
        foreach (var (line, percent) in story.Parts)
            Return(line, percent);
        if (rest)
            Return(null, 100);
        return (accounts, told, facts);

        decimal Base(decimal amount) => Math.Round(amount * story.Rate, 2);

        void Return(int? line, int percent)
        {
            // By no line more than is left of it, and by none more than is left of the purchase.
            var most = line is { } one ? Math.Min(left[one], nets.Sum() - back) : nets.Sum() - back;
            var net = Math.Round(most * percent / 100m, 2);
            if (line is { } named)
                left[named] -= net;
            if (net <= 0)
                return;
            var command = new ReversePoints(
                Id(100 + told.Count),
                Id(1),
                Base(back + net) - Base(back),
                Day(2),
                line is null ? null : [new($"p{line}", net * story.Rate)]
            );
            back += net;
            var happened = command.Decide(accounts[^1], rules);
            told.Add(command);
            facts.AddRange(happened);
            accounts.Add(accounts[^1].After(happened));
        }
    }

    [Fact]
    public void partial_returns_take_no_more_than_was_earned_and_all_of_them_take_all() =>
        Check(story =>
        {
            var (accounts, _, _) = Live(story);
            foreach (var (before, after) in accounts.Zip(accounts.Skip(1)))
            foreach (var lot in after.Lots.Values)
                (lot.TakenBack <= lot.Earned && lot.TakenBack >= before.Lots[lot.Id].TakenBack && lot.Refunded <= lot.Net).ShouldBeTrue();
            accounts.ShouldAllBe(a => a.QualifyingPoints >= 0 && a.Balance >= 0);
            accounts[^1].Lots.Values.ShouldAllBe(l => l.TakenBack == l.Earned && l.Remaining == 0);
            (accounts[^1].Balance, accounts[^1].QualifyingPoints, accounts[^1].Debt).ShouldBe((0, 0, 0));
        });

    [Fact]
    public void points_go_with_their_products_and_not_with_others() =>
        Check(story =>
        {
            var named = story with { Parts = [.. story.Parts.Where(p => p.Line is not null)] };
            var (accounts, told, _) = Live(named, rest: false);
            if (accounts[^1].Purchases[Id(1)] is var bought && bought.Refunded >= bought.Net)
                return;
            decimal Of(params int[] lines) =>
                told.SelectMany(t => t.Lines!).Where(l => lines.Any(i => l.ProductId == $"p{i}")).Sum(l => l.Net);
            var toys = (story.Cents[0] + story.Cents[2]) / 100m * story.Rate;
            Expect("toys", Of(0, 2), toys);
            Expect("first-book", Of(1), story.Cents[1] / 100m * story.Rate);

            void Expect(string rule, decimal back, decimal all)
            {
                if (accounts[^1].Lots.GetValueOrDefault(LotOf(1, rule)) is { } lot)
                    ((decimal)lot.TakenBack).ShouldBe(lot.Earned * back / all, 0.5001m);
            }
        });

    [Fact]
    public void the_order_in_which_returns_are_told_does_not_matter() =>
        Check(story =>
        {
            var (accounts, told, facts) = Live(story, rest: false);
            told.Reverse();
            var account = Account([.. facts.TakeWhile(f => f is not ReturnCounted)]);
            foreach (var command in told)
                account = account.After(command.Decide(account, SomeRules(story.Policy)));
            account
                .Lots.Values.ToDictionary(l => l.Id, l => l.TakenBack)
                .ShouldBe(accounts[^1].Lots.Values.ToDictionary(l => l.Id, l => l.TakenBack), ignoreOrder: true);
        });

    [Fact]
    public void a_life_with_returned_lines_relived_is_the_same_also_from_snapshots() =>
        Check(story =>
        {
            var (accounts, told, facts) = Live(story);
            var rules = SomeRules(story.Policy);
            Text(WhatIf.Relive(facts, rules, DateTimeOffset.MinValue).Facts).ShouldBe(Text(facts));
            var loaded = JsonSerializer.Deserialize<LoyaltyAccount>(
                JsonSerializer.SerializeToUtf8Bytes(accounts[0], EventStoreOptions.Json),
                EventStoreOptions.Json
            )!;
            if (told.Count > 0)
                Text(told[0].Decide(loaded, rules)).ShouldBe(Text(told[0].Decide(accounts[0], rules)));
        });

    static string Text(IEnumerable<IAccountEvent> facts) => JsonSerializer.Serialize<object[]>([.. facts], EventStoreOptions.Json);

    static void Check(Action<Story> holds) => Prop.ForAll(stories, holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
