using CrmPlatform.Loyalty.Care;
using static CrmPlatform.Loyalty.Tests.Care.GivenCare;

namespace CrmPlatform.Loyalty.Tests.Care;

public class CarePlanTests
{
    static readonly string[] tiers = ["Bronze", "Silver", "Gold"];

    [Theory]
    [
        InlineData("Gold", "en-GB", "gold-en"),
        InlineData("Gold", "zh-CN", "gold"),
        InlineData("Gold", null, "gold"),
        InlineData("Bronze", "EN", "en"),
        InlineData(null, "en", "en"),
        InlineData("Bronze", "english", "all"),
        InlineData(null, null, "all")
    ]
    public void the_message_is_that_of_tier_and_language_else_tier_else_language_else_everybodys(
        string? tier,
        string? language,
        string content
    )
    {
        var occasion = new CareOccasion
        {
            Messages =
            {
                new() { Channel = "sms", Content = "all" },
                new()
                {
                    Channel = "sms",
                    Language = "en",
                    Content = "en",
                },
                new()
                {
                    Channel = "sms",
                    Tier = "Gold",
                    Content = "gold",
                },
                new()
                {
                    Channel = "sms",
                    Tier = "Gold",
                    Language = "en",
                    Content = "gold-en",
                },
            },
        };
        occasion.For(tier, language).Content.ShouldBe(content);
    }

    [Fact]
    public void a_plan_that_contradicts_itself_is_noticed()
    {
        Plan().Fault(tiers).ShouldBeNull();
        foreach (
            var wrong in new Action<CarePlan>[]
            {
                p => p.Version = 0,
                p => p.StillWorth = TimeSpan.Zero,
                p => p.ConsentPurpose = "",
                p => p.Occasions["Birthday!"] = p.Occasions["birthday"],
                p => p.Occasions["new-year"].Hour = 24,
                p => p.Occasions["new-year"].LeadDays = -1,
                p => p.Occasions["birthday"].Points = -1,
                p => p.Occasions["new-year"].Day = 32,
                p => p.Occasions["spring-festival"].Month = 13,
                p => p.Occasions["birthday"].Messages.Clear(),
                p => p.Occasions["birthday"].Messages[0].Channel = "Call 123",
                p => p.Occasions["birthday"].Messages.Add(new() { Channel = "sms", Content = "x" }),
                p =>
                    p.Occasions["birthday"]
                        .Messages.Add(
                            new()
                            {
                                Tier = "Wood",
                                Channel = "sms",
                                Content = "x",
                            }
                        ),
                p => p.Occasions["birthday"].Publish = "Frau Li",
            }
        )
            Plan(wrong).Fault(tiers).ShouldNotBeNull();
    }

    [Fact]
    public void that_a_day_is_a_birthday_does_not_leave_the_room_unless_the_plan_says_so()
    {
        var plan = Plan();
        plan.Occasions["birthday"].PublishedAs("birthday").ShouldBe(plan.Occasions["registration"].PublishedAs("registration"));
        plan.Occasions["new-year"].PublishedAs("new-year").ShouldBe("new-year");
        Plan(p => p.Occasions["birthday"].Publish = "birthday").Occasions["birthday"].PublishedAs("birthday").ShouldBe("birthday");
    }
}
