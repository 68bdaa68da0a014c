using System.Text.Json;
using CrmPlatform.Loyalty.Activities;

namespace CrmPlatform.Loyalty.Tests.Activities;

static class GivenActivity
{
    public static readonly Guid Id = Given.Id(4711);

    /// <summary>On day 30, for two; sign-up from day 0 until it begins.</summary>
    public static PlanActivity Tasting(int capacity = 2, string? tier = null, long points = 30) =>
        new(
            new() { ["zh-CN"] = "品茶会", ["en"] = "Tea tasting" },
            "Hangzhou",
            Given.Day(30),
            Given.Day(30).AddHours(3),
            capacity,
            Given.Day(0),
            Given.Day(30),
            tier,
            points
        );

    public static Activity Planned(int capacity = 2, string? tier = null, params int[] members)
    {
        var activity = Activity.Initial.After(Tasting(capacity, tier).Decide(Activity.Initial, Given.Rules(), Given.Day(0)));
        foreach (var member in members)
            activity = activity.After(Join(activity, member));
        return activity;
    }

    public static IActivityEvent[] Join(Activity activity, int member, int day = 1, LoyaltyAccount? account = null) =>
        new JoinActivity(Given.Id(member)).Decide(activity, Id, account ?? Given.Earned(10), Given.Rules(), Given.Day(day));

    public static void Then(this IActivityEvent[] happened, params IActivityEvent[] expected) =>
        happened.Select(Text).ShouldBe(expected.Select(Text));

    static string Text(IActivityEvent e) => $"{e.GetType().Name} {JsonSerializer.Serialize(e, e.GetType())}";
}
