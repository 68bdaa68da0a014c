using CrmPlatform.ServiceDesk.Feedback;
using CrmPlatform.ServiceDesk.Tests.Complaints;

namespace CrmPlatform.ServiceDesk.Tests.Feedback;

/// <summary>What the rules find in texts.</summary>
public class ThemeRulesTests
{
    static readonly ThemeRules shipped = new(Codebook.Initial.Themes);

    static bool Says(string text, string phrase) => new FeedbackText(text).Says(new(phrase));

    [Theory]
    [InlineData("物流慢,等了一周", "物流慢")]
    [InlineData("物流 慢", "物流慢")]
    [InlineData("快遞員態度差", "态度差")]
    [InlineData("ＡＰＰ闪退了", "app闪退")]
    [InlineData("The parcel is LATE again.", "late again")]
    [InlineData("说好周五到,物流慢", "物流慢")]
    [InlineData("不,物流慢", "物流慢")]
    public void a_phrase_is_found_however_it_is_written(string text, string phrase) => Says(text, phrase).ShouldBeTrue();

    [Theory]
    [InlineData("物流不算慢", "物流慢")]
    [InlineData("没有物流慢的问题", "物流慢")]
    [InlineData("不觉得物流慢", "物流慢")]
    [InlineData("translate again", "late again")]
    [InlineData("late. Again", "late again")]
    [InlineData("质", "质量")]
    public void what_the_text_does_not_say_is_not_found(string text, string phrase) => Says(text, phrase).ShouldBeFalse();

    [Fact]
    public void a_negation_reaches_three_characters()
    {
        Says("无一次物流慢", "物流慢").ShouldBeFalse();
        Says("无一一一物流慢", "物流慢").ShouldBeTrue();
        Says("不慢,但是物流慢", "物流慢").ShouldBeTrue("one that stands for itself counts");
    }

    [Fact]
    public void a_text_may_be_about_several_themes()
    {
        shipped.ThemesOf("包裹丢了,客服态度差,退款也没到账").ShouldBe(["delivery-lost", "service-attitude", "payment-refund"]);
        shipped.ThemesOf("很好,谢谢").ShouldBeEmpty();
        shipped.ThemesOf("").ShouldBeEmpty();
    }

    /// <summary>
    /// Of the published complaints 13 have a narrative. The shipped rules are of shops: four are about mortgages and leases.
    /// </summary>
    [Fact]
    public void published_narratives_are_coded_or_listed_as_uncoded()
    {
        var narratives = Cfpb.Read().Where(r => r.File == "cfpb_145" && r.Narrative != "").ToList();
        narratives.Count.ShouldBe(13);
        narratives
            .Where(n => shipped.ThemesOf(n.Narrative).Length == 0)
            .Select(n => n.Id)
            .ShouldBe(["2398200", "2412732", "2426136", "2436277"], ignoreOrder: true);
    }

    [Fact]
    public void the_shipped_codebook_holds_together() =>
        new PublishCodebook([.. Codebook.Initial.Themes])
            .Decide(Codebook.Initial, "lead-1", DateTimeOffset.UnixEpoch)
            .ShouldBeEmpty("it is the one that holds");
}
