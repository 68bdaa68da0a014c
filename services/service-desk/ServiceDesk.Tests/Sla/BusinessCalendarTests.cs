namespace CrmPlatform.ServiceDesk.Tests.Sla;

public class BusinessCalendarTests
{
    // Monday to Friday with a lunch break, Saturday morning; one holiday, one Sunday on which the desk opens.
    static readonly BusinessCalendar desk = new CalendarSettings
    {
        TimeZone = "America/New_York",
        Week = new[] { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday" }
            .ToDictionary(d => d, _ => new[] { "13:00-18:00", "09:00-12:00" })
            .Concat([new("Saturday", ["09:00-11:00"])])
            .ToDictionary(),
        Holidays = ["2026-07-03"],
        Openings = new() { ["2026-07-05"] = ["10:00-12:00"] },
    }.Build("UTC");

    static readonly BusinessCalendar always = new CalendarSettings
    {
        Week = Enum.GetNames<DayOfWeek>().ToDictionary(d => d, _ => new[] { "00:00-24:00" }),
    }.Build("America/New_York");

    static DateTimeOffset NewYork(string local)
    {
        var time = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture);
        return new(time, TimeZoneInfo.FindSystemTimeZoneById("America/New_York").GetUtcOffset(time));
    }

    [Theory]
    [InlineData("2026-06-22 10:00", 60, "2026-06-22 11:00")] // within an interval
    [InlineData("2026-06-22 11:30", 60, "2026-06-22 13:30")] // over the break
    [InlineData("2026-06-22 11:00", 60, "2026-06-22 12:00")] // ends when the desk closes
    [InlineData("2026-06-22 12:30", 30, "2026-06-22 13:30")] // from within the break
    [InlineData("2026-06-22 17:00", 960, "2026-06-24 17:00")] // 16 hours on days of 8 are two business days
    [InlineData("2026-06-26 17:30", 90, "2026-06-27 10:00")] // Friday evening into Saturday
    [InlineData("2026-06-27 12:00", 60, "2026-06-29 10:00")] // over Sunday
    [InlineData("2026-07-02 17:30", 60, "2026-07-04 09:30")] // over the holiday
    [InlineData("2026-07-04 10:00", 120, "2026-07-05 11:00")] // into the one-off opening
    public void time_is_added_in_business_hours(string start, int minutes, string expected)
    {
        desk.Add(NewYork(start), TimeSpan.FromMinutes(minutes)).ShouldBe(NewYork(expected));
        desk.Between(NewYork(start), NewYork(expected)).ShouldBe(TimeSpan.FromMinutes(minutes));
    }

    [Fact]
    public void adding_zero_is_the_start() => desk.Add(NewYork("2026-06-28 12:00"), TimeSpan.Zero).ShouldBe(NewYork("2026-06-28 12:00"));

    [Fact]
    public void days_of_a_clock_change_count_elapsed_time()
    {
        // 8 March 2026 has 23 hours, 1 November 25.
        always.Between(NewYork("2026-03-08 00:00"), NewYork("2026-03-09 00:00")).ShouldBe(TimeSpan.FromHours(23));
        always.Between(NewYork("2026-11-01 00:00"), NewYork("2026-11-02 00:00")).ShouldBe(TimeSpan.FromHours(25));
        always.Add(NewYork("2026-03-07 12:00"), TimeSpan.FromHours(24)).ShouldBe(NewYork("2026-03-08 13:00"));
    }

    [Fact]
    public void local_hours_skipped_by_daylight_saving_do_not_count()
    {
        var early = new CalendarSettings { Week = new() { ["Sunday"] = ["01:30-02:30"] } }.Build("America/New_York");
        early.Between(NewYork("2026-03-08 00:00"), NewYork("2026-03-09 00:00")).ShouldBe(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void opening_hours_are_local_to_the_calendars_time_zone() =>
        new CalendarSettings
        {
            TimeZone = "Asia/Shanghai",
            Week = new() { ["Monday"] = ["09:00-18:00"] },
        }
            .Build("UTC")
            .Add(new(2026, 6, 22, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(1))
            .ShouldBe(new(2026, 6, 22, 2, 0, 0, TimeSpan.Zero));

    static readonly Arbitrary<(DateTimeOffset, TimeSpan, TimeSpan)> spans = (
        from start in Gen.Choose(0, 60 * 24 * 400)
        from a in Gen.Choose(0, 60 * 60)
        from b in Gen.Choose(0, 60 * 60)
        select (new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(start), TimeSpan.FromMinutes(a), TimeSpan.FromMinutes(b))
    ).ToArbitrary();

    [Fact]
    public void time_between_start_and_sum_is_what_was_added() =>
        Prop.ForAll(spans, s => desk.Between(s.Item1, desk.Add(s.Item1, s.Item2)) == s.Item2).QuickCheckThrowOnFailure();

    [Fact]
    public void adding_in_two_steps_equals_adding_in_one() =>
        Prop.ForAll(
                spans,
                s => s.Item3 == TimeSpan.Zero || desk.Add(desk.Add(s.Item1, s.Item2), s.Item3) == desk.Add(s.Item1, s.Item2 + s.Item3)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void business_time_of_two_parts_adds_up_to_the_whole() =>
        Prop.ForAll(
                spans,
                s =>
                {
                    var (from, middle, to) = (s.Item1, s.Item1 + s.Item2, s.Item1 + s.Item2 + s.Item3);
                    return desk.Between(from, middle) + desk.Between(middle, to) == desk.Between(from, to);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Someday", "09:00-10:00")]
    [InlineData("1", "09:00-10:00")]
    [InlineData("Monday,Tuesday", "09:00-10:00")]
    [InlineData("Monday", "25:00-26:00")]
    [InlineData("Monday", "10:00-09:00")]
    [InlineData("Monday", "9-10")]
    [InlineData("Monday", "09:00")]
    public void invalid_calendar_settings_are_refused(string day, string hours) => Refused(new() { Week = new() { [day] = [hours] } });

    [Fact]
    public void a_weekday_that_is_given_twice_and_a_date_that_is_none_are_refused()
    {
        Refused(
            new()
            {
                Week = new() { ["Monday"] = ["09:00-10:00"], ["monday"] = ["11:00-12:00"] },
            }
        );
        Refused(
            new()
            {
                Week = new() { ["Monday"] = ["09:00-10:00"] },
                Holidays = ["2026-02-30"],
            }
        );
    }

    static void Refused(CalendarSettings calendar) =>
        Should
            .Throw<FormatException>(() => calendar.Build("UTC"))
            .Message.ShouldStartWith("Calendars:", Case.Sensitive, "in our own words");

    [Fact]
    public void a_calendar_without_opening_hours_is_refused() =>
        Should.Throw<FormatException>(() => new CalendarSettings { Week = new() { ["Monday"] = [] } }.Build("UTC"));
}
