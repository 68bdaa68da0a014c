using CrmPlatform.ServiceDesk.Feedback;

namespace CrmPlatform.ServiceDesk.Tests.Feedback;

public class TrendTests
{
    static Trend One(long week, long texts, long before, long textsBefore) =>
        Trend.Of(texts, textsBefore, [("delivery-late", week, before)]).ShouldHaveSingleItem();

    /// <summary>Worked by hand: 18 of 400 against a share of .0250.</summary>
    [Fact]
    public void a_rise_is_watched_before_it_is_an_alarm()
    {
        One(18, 400, 80, 3_200).ShouldBe(new("delivery-late", 18, .0450m, .0250m, .0132m, .0132m, "watch"));
        One(24, 400, 80, 3_200).State.ShouldBe("alarm");
        One(14, 400, 80, 3_200).State.ShouldBe("calm", "less than half as much again");
        One(4, 10, 1, 3_200).ShouldBe(new("delivery-late", 4, .4m, .0003m, null, null, "calm"), "fewer than five show nothing");
        One(9, 10, 0, 0).ShouldBe(new("delivery-late", 9, .9m, null, null, null, "calm"), "there is nothing to compare with");
    }

    [Fact]
    public void many_themes_are_corrected_for()
    {
        var trends = Trend.Of(400, 3_200, [("a", 21, 80), ("b", 21, 80), ("c", 10, 80), ("d", 0, 80)]);
        trends.Select(t => t.Theme).ShouldBe(["a", "b", "c", "d"], "the most texts first");
        var p = trends[0].Probability!.Value;
        trends[0].Corrected!.Value.ShouldBe(3 * p, .0002m, "the first of three");
        trends[1].Corrected.ShouldBe(trends[0].Corrected, "never below the one before");
        (trends[2].Corrected, trends[2].State).ShouldBe((trends[2].Probability, "calm"));
        trends[0].State.ShouldBe("alarm");
        One(21, 400, 80, 3_200).Corrected.ShouldBe(p);
    }
}
