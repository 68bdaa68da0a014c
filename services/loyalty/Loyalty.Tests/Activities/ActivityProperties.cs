using CrmPlatform.Loyalty.Activities;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Loyalty.Tests.Activities;

/// <summary>Any history of sign-ups, withdrawals, changed capacities, erasures and check-ins, against a plain list.</summary>
public class ActivityProperties
{
    static readonly Arbitrary<(int Kind, int Who)[]> histories = (
        from kind in Gen.Choose(0, 9)
        from who in Gen.Choose(1, 9)
        select (kind, who)
    )
        .ArrayOf()
        .ToArbitrary();

    [Fact]
    public void places_are_never_oversold_and_the_waiting_list_is_first_come_first_served() =>
        Prop.ForAll(
                histories,
                steps =>
                {
                    var (activity, capacity, now) = (GivenActivity.Planned(3), 3, Given.Day(1));
                    var (places, queue, there) = (new List<Guid>(), new List<Guid>(), new HashSet<Guid>());
                    var facts = new List<IActivityEvent>();
                    foreach (var (kind, number) in steps)
                    {
                        var who = Given.Id(number);
                        now = now.AddHours(1);
                        IActivityEvent[] happened = kind switch
                        {
                            <= 4 => new JoinActivity(who).Decide(activity, GivenActivity.Id, Given.Earned(1), Given.Rules(), now),
                            <= 6 => Try(() => new WithdrawFromActivity(who).Decide(activity, GivenActivity.Id, now)),
                            7 => Try(() => GivenActivity.Tasting(number).Revise(activity, GivenActivity.Id, Given.Rules(), now)),
                            8 => RemoveForgotten.Decide(activity, [who], now),
                            _ => Try(() => new CheckIn(who).Decide(activity, GivenActivity.Id, Given.Earned(1), Given.Day(30))),
                        };
                        facts.AddRange(happened);
                        activity = activity.After(happened);
                        if (kind <= 4 && !places.Contains(who) && !queue.Contains(who))
                            queue.Add(who);
                        if (kind is 5 or 6 && !there.Contains(who) || kind == 8)
                        {
                            places.Remove(who);
                            queue.Remove(who);
                            there.Remove(who);
                        }
                        if (kind == 7 && number >= places.Count)
                            capacity = number;
                        if (kind == 9 && places.Contains(who))
                            there.Add(who);
                        while (places.Count < capacity && queue.Count > 0)
                        {
                            places.Add(queue[0]);
                            queue.RemoveAt(0);
                        }

                        if (
                            activity.Joined.Count > capacity
                            || !activity.Joined.SetEquals(places)
                            || !activity.Waiting.SequenceEqual(queue)
                            || !activity.Attended.SetEquals(there)
                        )
                            return false;
                    }
                    var replayed = GivenActivity.Planned(3).After(facts);
                    return facts
                            .OfType<MemberAttended>()
                            .GroupBy(a => a.CustomerId)
                            .All(g => g.Count() <= 1 + facts.OfType<MemberRemoved>().Count(r => r.CustomerId == g.Key))
                        && replayed.Joined.SetEquals(activity.Joined)
                        && replayed.Waiting.SequenceEqual(activity.Waiting);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    static IActivityEvent[] Try(Func<IActivityEvent[]> decide)
    {
        try
        {
            return decide();
        }
        catch (RuleViolationException)
        {
            return [];
        }
    }
}
