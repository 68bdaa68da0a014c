namespace CrmPlatform.Loyalty.Tests;

public class ExpiryRuleTests
{
    static readonly Business shanghai = new() { TimeZone = "Asia/Shanghai" },
        newYork = new() { TimeZone = "America/New_York" };

    static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(30, ExpiryUnit.Days, ExpiryRound.None, "2026-01-22T10:00:00+08:00", "2026-02-21T10:00:00+08:00")]
    [InlineData(1, ExpiryUnit.Months, ExpiryRound.None, "2026-01-31T10:00:00+08:00", "2026-02-28T10:00:00+08:00")]
    [InlineData(1, ExpiryUnit.Years, ExpiryRound.None, "2028-02-29T00:00:00+08:00", "2029-02-28T00:00:00+08:00")]
    [InlineData(0, ExpiryUnit.Months, ExpiryRound.Month, "2026-01-22T10:00:00+08:00", "2026-02-01T00:00:00+08:00")]
    [InlineData(0, ExpiryUnit.Months, ExpiryRound.Year, "2018-05-05T10:00:00+08:00", "2019-01-01T00:00:00+08:00")]
    [InlineData(0, ExpiryUnit.Months, ExpiryRound.Quarter, "2026-11-30T23:59:59+08:00", "2027-01-01T00:00:00+08:00")]
    [InlineData(0, ExpiryUnit.Days, ExpiryRound.Week, "2026-11-25T12:00:00+08:00", "2026-11-30T00:00:00+08:00")]
    [InlineData(0, ExpiryUnit.Days, ExpiryRound.Week, "2026-11-29T12:00:00+08:00", "2026-11-30T00:00:00+08:00")]
    [InlineData(10, ExpiryUnit.Days, ExpiryRound.Day, "2026-01-31T23:30:00+08:00", "2026-02-11T00:00:00+08:00")]
    // Already February in Shanghai.
    [InlineData(12, ExpiryUnit.Months, ExpiryRound.Month, "2026-01-31T16:30:00+00:00", "2027-03-01T00:00:00+08:00")]
    public void points_last_by_the_business_calendar(int count, ExpiryUnit unit, ExpiryRound round, string from, string until) =>
        new Expiry
        {
            Count = count,
            Unit = unit,
            Round = round,
        }
            .Of(At(from), shanghai)
            .ShouldBe(At(until));

    [Fact]
    public void an_expiry_that_falls_into_the_missing_hour_is_the_first_instant_after_it() =>
        new Expiry { Count = 1 }
            .Of(At("2026-02-08T02:30:00-05:00"), newYork)
            .ShouldBe(At("2026-03-08T03:00:00-04:00"));

    [Fact]
    public void never_is_never() =>
        new Expiry { Unit = ExpiryUnit.Never }
            .Of(At("2026-01-01T00:00:00Z"), shanghai)
            .ShouldBe(Expiry.Never);

    [Fact]
    public void an_expiry_that_contradicts_itself_is_noticed()
    {
        foreach (
            var good in new Expiry[]
            {
                new() { Count = 24 },
                new() { Unit = ExpiryUnit.Never },
                new() { Round = ExpiryRound.Month },
                new() { Count = 6, Unit = ExpiryUnit.Inactivity },
            }
        )
            good.Fault().ShouldBeNull();
        foreach (
            var bad in new Expiry[]
            {
                new(),
                new() { Count = -1 },
                new() { Count = 1, Unit = ExpiryUnit.Never },
                new() { Unit = ExpiryUnit.Inactivity, Round = ExpiryRound.Year },
                new() { Count = 1201 },
            }
        )
            bad.Fault().ShouldNotBeNull();
    }
}
