using CrmPlatform.Loyalty.Care;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.Care.GivenCare;
using OnCustomerRegistered = CrmPlatform.Loyalty.Care.OnCustomerRegistered;
using OnPurchaseRecorded = CrmPlatform.Loyalty.Care.OnPurchaseRecorded;

namespace CrmPlatform.Loyalty.Tests.Care;

/// <summary>A customer lives through a history, and the clock comes by now and then.</summary>
sealed class CareRun
{
    public static readonly DateTimeOffset Begin = At("2024-01-15T12:00");

    public CareCalendar Calendar { get; private set; } = GivenCare.Calendar();
    public CustomerCare Care { get; private set; } = CustomerCare.Initial;
    public List<(ICareEvent Fact, DateTimeOffset At)> Facts { get; } = [];
    public DateTimeOffset Now { get; private set; } = Begin;

    /// <summary>The latest instant at which the clock has come by.</summary>
    public DateTimeOffset Latest { get; private set; } = Begin;

    public CareRun()
    {
        Append(OnCustomerRegistered.Decide(Care, Calendar, new(Customer, At("2023-06-30T00:30"), Begin)));
        Append(OnBirthdayNoted.Decide(Care, Calendar, Customer, new(false, 2, 29), Begin));
        Append(OnConsentChanged.Decide(Care, new("sms", true, Begin)));
    }

    public void Pass(int hours) => Now = Now.AddHours(Math.Max(0, hours));

    public void Do(CareProperties.Step step)
    {
        Pass(step.Hours);
        switch (step.Kind)
        {
            case <= 3:
                Tick();
                break;
            case 4:
                var seen = Care;
                Tick();
                // Another replica decided on what it saw before; it is refused and decides again on what is there now.
                DecideCare.Decide(seen, Calendar, null, Now);
                Tick();
                break;
            case 5:
                Append(
                    OnBirthdayNoted.Decide(
                        Care,
                        Calendar,
                        Customer,
                        step.Amount % 7 == 0 ? null : new(step.Amount % 2 == 0, 1 + step.Amount % 12, 1 + step.Amount % 28),
                        Now
                    )
                );
                break;
            case 6:
                Append(OnPurchaseRecorded.Decide(Care, Calendar, new(Customer, Now.AddDays(-step.Amount), Now)));
                break;
            case 7:
                Append(OnConsentChanged.Decide(Care, new("sms", step.Amount % 2 == 0, Now)));
                break;
            case 8:
                // The clock jumps back for one round.
                var before = Now.AddHours(-step.Amount);
                Append(DecideCare.Decide(Care, Calendar, null, before), before);
                break;
            default:
                var version = Calendar.Plan.Version + 1;
                Calendar = GivenCare.Calendar(p => p.Version = version);
                Append(OnCustomerRegistered.Decide(Care, Calendar, new(Customer, Now, Now)));
                break;
        }
    }

    public void Tick()
    {
        Append(DecideCare.Decide(Care, Calendar, null, Now));
        if (Now > Latest)
            Latest = Now;
    }

    public IEnumerable<(ICareEvent Fact, CareOf Of, DateTimeOffset At)> Outcomes() =>
        from f in Facts
        let of = f.Fact switch
        {
            CareCameDue d => d.Personal.Value,
            CareSuppressed s => s.Personal.Value,
            CarePassedOver p => p.Personal.Value,
            _ => null,
        }
        where of is not null
        select (f.Fact, of, f.At);

    void Append(ICareEvent[] events, DateTimeOffset? at = null)
    {
        Facts.AddRange(events.Select(e => (e, at ?? Now)));
        Care = Care.After(events);
    }
}
