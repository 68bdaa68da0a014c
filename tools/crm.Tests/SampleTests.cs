using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Crm.Tests;

public class SampleTests
{
    private static Sample Here(int weeks) => new(Path.Combine(Checkout.Root, "samples"), weeks);

    [Fact]
    public void the_last_day_falls_within_the_seven_days_before_today() =>
        Prop.ForAll(
                Gen.Choose(0, 20_000).ToArbitrary(),
                days =>
                {
                    var today = Sample.LastDay.AddDays(1 + days);
                    var age = today.DayNumber - Sample.LastDay.AddDays(7 * Sample.WeeksFor(today)).DayNumber;
                    return age is >= 1 and <= 7;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void the_shift_keeps_weekday_and_time_of_day()
    {
        var moved = TimeZoneInfo.ConvertTime(
            Sample.Moved("2017-01-28T14:06:53", 411),
            TimeZoneInfo.FindSystemTimeZoneById(Sample.TimeZone)
        );

        moved.DateTime.ShouldBe(new DateTime(2017, 1, 28, 14, 6, 53).AddDays(7 * 411));
        moved.DayOfWeek.ShouldBe(DayOfWeek.Saturday);
    }

    [Theory]
    [InlineData("2017-07-01T12:00:00", "2017-07-01T16:00:00Z")] // summer
    [InlineData("2017-12-01T12:00:00", "2017-12-01T17:00:00Z")] // winter
    [InlineData("2017-03-12T02:30:00", "2017-03-12T07:30:00Z")] // skipped: an hour later, 03:30 of summer time
    [InlineData("2017-11-05T01:30:00", "2017-11-05T05:30:00Z")] // occurs twice: the first
    public void local_times_become_instants(string local, string instant) =>
        Sample.Moved(local, 0).ShouldBe(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void the_files_hold_what_the_readme_says() =>
        SampleTotals
            .Of(Here(0))
            .ShouldSatisfyAllConditions(
                totals => totals.Customers.ShouldBe(2_377),
                totals => totals.Purchases.ShouldBe(47_243),
                totals => totals.Net.ShouldBe(233_935.24m),
                totals => totals.Tickets.ShouldBe(494),
                totals => totals.OpenTickets.ShouldBe(79)
            );

    [Fact]
    public void nobody_buys_or_complains_before_being_a_customer()
    {
        var sample = Here(400);
        var since = sample.Customers.ToDictionary(row => row["externalIds"]![0]!["value"]!.GetValue<string>(), At);

        foreach (var row in sample.Purchases.Concat(sample.Tickets))
            At(row).ShouldBeGreaterThan(since[row["customer"]!["value"]!.GetValue<string>()]);
    }

    [Fact]
    public void phones_and_mails_are_nobody_elses()
    {
        var contacts = Here(0)
            .Customers.SelectMany(row => row["contacts"]!.AsArray())
            .Select(contact => contact!["value"]!.GetValue<string>())
            .ToList();

        contacts.ShouldBeUnique();
        contacts.Where(value => value.Contains('@')).ShouldAllBe(value => value.EndsWith("@example.com", StringComparison.Ordinal));
        contacts
            .Where(value => !value.Contains('@'))
            .ShouldAllBe(value => value.Length == 14 && value.StartsWith("+861", StringComparison.Ordinal));
    }

    private static DateTimeOffset At(System.Text.Json.Nodes.JsonObject row) =>
        DateTimeOffset.Parse(row["occurredAt"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
}
