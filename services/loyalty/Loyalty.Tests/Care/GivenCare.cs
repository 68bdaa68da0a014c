using System.Text.Json;
using CrmPlatform.Loyalty.Care;
using CrmPlatform.Loyalty.Care.Calendar;
using OnCustomerRegistered = CrmPlatform.Loyalty.Care.OnCustomerRegistered;

namespace CrmPlatform.Loyalty.Tests.Care;

/// <summary>The grammar of care's decision tests. All in Shanghai, eight hours ahead.</summary>
static class GivenCare
{
    public static readonly Guid Customer = Given.Id(7);

    public static DateTimeOffset At(string local) =>
        new DateTimeOffset(
            DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture),
            TimeSpan.FromHours(8)
        ).ToUniversalTime();

    public static CarePlan Plan(Action<CarePlan>? change = null)
    {
        var plan = new CarePlan
        {
            Occasions =
            {
                ["birthday"] = Occasion(OccasionKind.Birthday, points: 50),
                ["registration"] = Occasion(OccasionKind.Registration),
                ["first-purchase"] = Occasion(OccasionKind.FirstPurchase),
                ["new-year"] = Occasion(OccasionKind.Solar, 1, 1),
                ["spring-festival"] = Occasion(OccasionKind.Lunar, 1, 1),
                ["mid-autumn"] = Occasion(OccasionKind.Lunar, 8, 15),
            },
        };
        change?.Invoke(plan);
        return plan;
    }

    public static CareOccasion Occasion(OccasionKind kind, int month = 0, int day = 0, long points = 0) =>
        new()
        {
            Kind = kind,
            Month = month,
            Day = day,
            Points = points,
            Messages =
            {
                new() { Channel = "sms", Content = "hello" },
            },
        };

    public static CareCalendar Calendar(Action<CarePlan>? change = null, string zone = "Asia/Shanghai") =>
        new(Plan(change), new Business { TimeZone = zone });

    /// <summary>A customer known since an instant, with a birthday and consent by SMS.</summary>
    public static CustomerCare Known(
        CareCalendar calendar,
        string since = "2026-03-01T12:00",
        string? birthday = "05-04",
        bool consent = true
    )
    {
        var care = CustomerCare.Initial;
        care = care.After(OnCustomerRegistered.Decide(care, calendar, new(Customer, At(since), At(since))));
        if (birthday is not null)
            care = care.After(
                OnBirthdayNoted.Decide(
                    care,
                    calendar,
                    Customer,
                    Birthday.Of("solar", int.Parse(birthday[..2], null), int.Parse(birthday[3..], null)),
                    At(since)
                )
            );
        return consent ? care.After([new ConsentNoted("sms", true, At(since))]) : care;
    }

    public static Guid CareId(int number) =>
        NameId.For("care", Customer.ToString(), number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static Personal<CareOf> Of(string occasion, int year, string day, string due) =>
        Personal.Of(Customer, new CareOf(occasion, year, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), At(due)));

    public static CareScheduled Next(string? at, string? until, int plan = 1) =>
        new(Customer, plan, until is null ? null : At(until), Personal.Of(Customer, new NextCare(at is null ? null : At(at))));

    /// <summary>Whole facts by value, their personal parts opened.</summary>
    public static void Then(this ICareEvent[] happened, params ICareEvent[] expected) =>
        happened.Select(Text).ShouldBe(expected.Select(Text));

    public static string Text(ICareEvent e)
    {
        var plain = e is IHasPersonal { PersonalPart: { } part } ? System.Text.Encoding.UTF8.GetString(part.Plain()) : "";
        return $"{e.GetType().Name} {JsonSerializer.Serialize(e, e.GetType())} {plain}";
    }
}
