using CrmPlatform.Loyalty.Care.Calendar;

namespace CrmPlatform.Loyalty.Tests.Care;

/// <summary>
/// Against dates as they are published by the Hong Kong Observatory's conversion tables and the State Council's holiday notices.
/// </summary>
public class OccasionDaysTests
{
    [Theory]
    [InlineData(
        1,
        1,
        "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 "
            + "2026-02-17 2027-02-06 2028-01-26 2029-02-13 2033-01-31 2034-02-19"
    )]
    [InlineData(1, 15, "2024-02-24 2025-02-12 2026-03-03 2027-02-20")]
    [InlineData(5, 5, "2020-06-25 2023-06-22 2024-06-10 2025-05-31 2026-06-19 2027-06-09")]
    [InlineData(7, 7, "2020-08-25 2023-08-22 2024-08-10 2025-08-29 2026-08-19 2027-08-08")]
    [InlineData(8, 15, "2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 2025-10-06 2026-09-25 2027-09-15")]
    [InlineData(9, 9, "2020-10-25 2023-10-23 2024-10-11 2025-10-29 2026-10-18 2027-10-08")]
    public void lunar_festivals_fall_on_their_published_days(int month, int day, string published)
    {
        foreach (var date in published.Split(' ').Select(d => DateOnly.Parse(d, System.Globalization.CultureInfo.InvariantCulture)))
            LunarYear.DayOf(date.Year, month, day).ShouldBe(date);
    }

    [Theory]
    [
        InlineData(2019, "2020-01-24"),
        InlineData(2022, "2023-01-21"),
        InlineData(2023, "2024-02-09"),
        InlineData(2024, "2025-01-28"),
        InlineData(2025, "2026-02-16"),
        InlineData(2026, "2027-02-05"),
        InlineData(2033, "2034-02-18")
    ]
    public void the_eve_is_the_last_day_of_the_lunar_year_of_29_days_or_30(int lunarYear, string published) =>
        LunarYear.EveAfter(lunarYear)!.Value.ToString("O", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(published);

    [Theory]
    [
        InlineData(2020, 4, 1, "2020-04-23"),
        InlineData(2020, 5, 5, "2020-06-25"),
        InlineData(2023, 2, 15, "2023-03-06"),
        InlineData(2023, 3, 1, "2023-04-20"),
        InlineData(2025, 6, 1, "2025-06-25"),
        InlineData(2025, 7, 7, "2025-08-29")
    ]
    public void a_leap_month_holds_no_festival_and_no_birthday(int year, int month, int day, string expected) =>
        LunarYear.DayOf(year, month, day)!.Value.ToString("O", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(expected);

    [Fact]
    public void every_lunar_year_has_each_festival_once_and_in_order()
    {
        for (var year = 1901; year < 2100; year++)
        {
            var days = new[] { (1, 1), (1, 15), (5, 5), (7, 7), (8, 15), (9, 9) }
                .Select(d => LunarYear.DayOf(year, d.Item1, d.Item2)!.Value)
                .Append(LunarYear.EveAfter(year)!.Value)
                .ToArray();
            days.ShouldBe(days.Order());
            days.ShouldAllBe(day => LunarYear.Of(day) == year);
            days[^1].AddDays(1).ShouldBe(LunarYear.DayOf(year + 1, 1, 1)!.Value);
            LunarYear.DayOf(year, 5, 5)!.Value.Month.ShouldBeOneOf(5, 6);
        }
        LunarYear.DayOf(2101, 1, 1).ShouldBeNull();
        LunarYear.EveAfter(1900).ShouldBeNull();
    }

    [Fact]
    public void a_thirtieth_in_a_month_of_29_days_is_its_last_day() =>
        LunarYear.DayOf(2025, 12, 30).ShouldBe(LunarYear.EveAfter(2025)!.Value);

    [Theory]
    [
        InlineData(2024, LeapDayRule.February28, "2024-02-29"),
        InlineData(2025, LeapDayRule.February28, "2025-02-28"),
        InlineData(2025, LeapDayRule.March1, "2025-03-01"),
        InlineData(2100, LeapDayRule.March1, "2100-03-01")
    ]
    public void a_29_february_is_kept_as_the_settings_say(int year, LeapDayRule rule, string expected) =>
        OccasionDays
            .Of(OccasionKind.Birthday, 0, 0, year, new(new(false, 2, 29), null, null), rule)!
            .Value.ToString("O", System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(expected);

    [Fact]
    public void anniversaries_begin_a_year_later()
    {
        var person = new PersonalDays(null, new(2024, 2, 29), new(2025, 7, 1));
        OccasionDays.Of(OccasionKind.Registration, 0, 0, 2024, person, LeapDayRule.February28).ShouldBeNull();
        OccasionDays.Of(OccasionKind.Registration, 0, 0, 2025, person, LeapDayRule.February28).ShouldBe(new DateOnly(2025, 2, 28));
        OccasionDays.Of(OccasionKind.FirstPurchase, 0, 0, 2025, person, LeapDayRule.February28).ShouldBeNull();
        OccasionDays.Of(OccasionKind.FirstPurchase, 0, 0, 2026, person, LeapDayRule.February28).ShouldBe(new DateOnly(2026, 7, 1));
        OccasionDays.Of(OccasionKind.Birthday, 0, 0, 2026, person, LeapDayRule.February28).ShouldBeNull();
    }

    [Theory]
    [
        InlineData("solar", 2, 30),
        InlineData("solar", 13, 1),
        InlineData("lunar", 1, 31),
        InlineData("lunar", 0, 1),
        InlineData("julian", 1, 1),
        InlineData(null, 1, 1),
        InlineData("solar", null, 1)
    ]
    public void what_is_no_day_is_no_birthday(string? calendar, int? month, int? day) => Birthday.Of(calendar, month, day).ShouldBeNull();
}
