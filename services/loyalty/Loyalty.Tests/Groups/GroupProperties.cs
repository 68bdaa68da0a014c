using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Loyalty.Tests.Groups;

/// <summary>
/// Merging and unmerging leaves no trace: two rooms with the same ids and a clock that stands still live through the same, and one of them
/// is told meanwhile which customers are one, each member at its own pace.
/// </summary>
public class GroupProperties(LoyaltyRoom plain, GroupProperties.LinkedRoom linked)
    : IClassFixture<LoyaltyRoom>,
        IClassFixture<GroupProperties.LinkedRoom>
{
    public sealed class LinkedRoom : LoyaltyRoom;

    static readonly string[] ladder = ["Bronze", "Silver", "Gold", "Platinum"];
    static readonly System.Text.RegularExpressions.Regex ordered = new("\"tier\":\"([A-Za-z]+)\"");

    static readonly DateTimeOffset today = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);

    static readonly Arbitrary<GroupHistory.Step[]> histories = (
        from kind in Gen.Frequency((2, Gen.Choose(0, GroupHistory.Facts - 1)), (3, Gen.Constant(GroupHistory.Link)))
        from who in Gen.Choose(0, 2)
        from amount in Gen.Choose(1, 900)
        select new GroupHistory.Step(kind, who, amount)
    )
        .ArrayOf()
        .Where(steps => steps.Length is > 3 and < 25)
        .ToArbitrary();

    [Fact]
    public void merging_and_unmerging_changes_no_answer_about_any_member() =>
        Prop.ForAll(histories, steps => Lived(steps).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    async Task Lived(GroupHistory.Step[] steps)
    {
        plain.Clock.Stop(today);
        linked.Clock.Stop(today);
        var members = new[] { Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7() };
        var (with, without) = (new GroupHistory(linked, members, today), new GroupHistory(plain, members, today));
        foreach (var (step, n) in steps.Select((s, n) => (s, n)))
        {
            await without.Do(step, n);
            await with.Do(step, n);
        }
        await with.ShowsTheGroup();
        await with.Part();
        // Line by line: what differs would be lost in the whole.
        var (answers, alone) = ((await with.Answers()).Split('\n'), (await without.Answers()).Split('\n'));
        foreach (var (answer, expected) in answers.Zip(alone))
            if (expected.StartsWith("orders", StringComparison.Ordinal))
                SameOrders(answer, expected);
            else
                answer.ShouldBe(expected);
        answers.Length.ShouldBe(alone.Length);
    }

    /// <summary>With which tier somebody ordered was decided then: while they were one, by the best of all, which is not below their own.
    /// </summary>
    static void SameOrders(string answer, string expected)
    {
        ordered.Replace(answer, "").ShouldBe(ordered.Replace(expected, ""));
        foreach (var (then, own) in ordered.Matches(answer).Zip(ordered.Matches(expected)))
        {
            ladder.ShouldContain(own.Groups[1].Value);
            Array.IndexOf(ladder, then.Groups[1].Value).ShouldBeGreaterThanOrEqualTo(Array.IndexOf(ladder, own.Groups[1].Value));
        }
    }
}
