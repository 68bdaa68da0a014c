using System.Collections.Immutable;
using CrmPlatform.Loyalty.Care.Calendar;

namespace CrmPlatform.Loyalty.Care;

/// <summary>
/// What decides about the greetings of one customer. What tells a birthday, also by the day on which something was due, is sealed with the
/// person's key.
/// </summary>
public interface ICareEvent;

/// <param name="KnownAt">From here on occasions count; what was due before is not made up for.</param>
public sealed record CareBegun(Guid CustomerId, DateTimeOffset RegisteredAt, DateTimeOffset KnownAt) : ICareEvent;

/// <param name="KnownAt">Birthdays that were due before are not made up for.</param>
/// <param name="Personal">Null: there is no birthday any more.</param>
public sealed record BirthdayNoted(Guid CustomerId, Personal<Birthday>? Personal, DateTimeOffset KnownAt) : ICareEvent, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;
}

public sealed record FirstPurchaseNoted(Guid CustomerId, DateTimeOffset PurchasedAt, DateTimeOffset KnownAt) : ICareEvent;

public sealed record LanguageNoted(string? Language, DateTimeOffset OccurredAt) : ICareEvent;

public sealed record ConsentNoted(string Channel, bool Granted, DateTimeOffset OccurredAt) : ICareEvent;

/// <summary>A severe complaint is open; until it is solved nobody sends greetings.</summary>
public sealed record ComplaintNoted(Guid TicketId, DateTimeOffset OccurredAt) : ICareEvent;

public sealed record ComplaintSettled(Guid TicketId, DateTimeOffset OccurredAt) : ICareEvent;

/// <summary>Which occasion of which year a care fact is about, and when that was due.</summary>
public sealed record CareOf(string Occasion, int Year, DateOnly Day, DateTimeOffset DueAt);

/// <summary>A greeting is to be sent. Its business time is the due instant.</summary>
/// <param name="PublishedAs">The code under which others hear of the occasion.</param>
public sealed record CareCameDue(
    Guid CareId,
    Guid CustomerId,
    string PublishedAs,
    string Channel,
    string Content,
    string? Tier,
    string? Language,
    long Points,
    Personal<CareOf> Personal
) : ICareEvent, IHasPersonal
{
    IPersonal IHasPersonal.PersonalPart => Personal;
}

/// <param name="Reason"><c>no-consent</c>, <c>open-complaint</c> or <c>same-person</c>.</param>
public sealed record CareSuppressed(Guid CareId, Guid CustomerId, string Channel, string Reason, Personal<CareOf> Personal)
    : ICareEvent,
        IHasPersonal
{
    IPersonal IHasPersonal.PersonalPart => Personal;
}

/// <summary>An occasion was found so late that a greeting would be an embarrassment.</summary>
/// <param name="Reason"><c>too-late</c>.</param>
public sealed record CarePassedOver(Guid CareId, Guid CustomerId, string Reason, Personal<CareOf> Personal) : ICareEvent, IHasPersonal
{
    IPersonal IHasPersonal.PersonalPart => Personal;
}

/// <summary>When the customer's next occasion is due; null where the plan has none for them.</summary>
public sealed record NextCare(DateTimeOffset? At);

/// <param name="Plan">The version of the plan that says so.</param>
/// <param name="Until">Everything due up to here is decided; null where only something new was learned.</param>
public sealed record CareScheduled(Guid CustomerId, int Plan, DateTimeOffset? Until, Personal<NextCare> Personal) : ICareEvent, IHasPersonal
{
    IPersonal IHasPersonal.PersonalPart => Personal;
}

/// <summary>The person was forgotten: their key goes with this fact, and nobody greets them any more.</summary>
public sealed record CareEnded(Guid CustomerId, DateTimeOffset OccurredAt) : ICareEvent, IErasesPerson
{
    Guid IErasesPerson.Person => CustomerId;
}

/// <summary>
/// A customer's occasions, what stands against greeting them, and what was decided about each. Once per occasion and year: a year at or
/// before the one that was decided is never decided again. The birthday is in this state and so in the memory of a process; it is kept in
/// no snapshot.
/// </summary>
public sealed record CustomerCare : IAggregate<CustomerCare, ICareEvent>
{
    public static CustomerCare Initial { get; } = new();

    public static Guid IdOf(Guid customerId) => NameId.For("care", customerId.ToString());

    public static Stream<CustomerCare, ICareEvent> Of(Guid customerId) => new(IdOf(customerId));

    public Guid CustomerId { get; private init; }
    public bool Ended { get; private init; }
    public DateTimeOffset? RegisteredAt { get; private init; }
    public DateTimeOffset? FirstPurchaseAt { get; private init; }
    public Birthday? Birthday { get; private init; }
    public string? Language { get; private init; }
    public ImmutableHashSet<string> Consents { get; private init; } = [];

    /// <summary>Channels on which the last word was no.</summary>
    public ImmutableHashSet<string> Refusals { get; private init; } = [];
    public ImmutableHashSet<Guid> SevereComplaints { get; private init; } = [];
    public ImmutableHashSet<Guid> OpenComplaints { get; private init; } = [];
    public ImmutableDictionary<string, int> LastYears { get; private init; } = ImmutableDictionary<string, int>.Empty;
    public int Decided { get; private init; }
    public int Plan { get; private init; }
    public DateTimeOffset? NextAt { get; private init; }
    DateTimeOffset Until { get; init; }
    DateTimeOffset? BirthdayFrom { get; init; }
    DateTimeOffset? FirstPurchaseFrom { get; init; }

    public bool IsCaredFor => RegisteredAt is not null && !Ended;

    public CustomerCare After(IEnumerable<ICareEvent> events) => events.Aggregate(this, (care, e) => care.Evolve(e));

    public CustomerCare Evolve(ICareEvent @event) =>
        @event switch
        {
            CareBegun e => this with { CustomerId = e.CustomerId, RegisteredAt = e.RegisteredAt, Until = e.KnownAt },
            BirthdayNoted e => this with { CustomerId = e.CustomerId, Birthday = e.Personal?.Value, BirthdayFrom = e.KnownAt },
            FirstPurchaseNoted e => this with { CustomerId = e.CustomerId, FirstPurchaseAt = e.PurchasedAt, FirstPurchaseFrom = e.KnownAt },
            LanguageNoted e => this with { Language = e.Language },
            ConsentNoted e => this with
            {
                Consents = e.Granted ? Consents.Add(e.Channel) : Consents.Remove(e.Channel),
                Refusals = e.Granted ? Refusals.Remove(e.Channel) : Refusals.Add(e.Channel),
            },
            ComplaintNoted e => this with
            {
                SevereComplaints = SevereComplaints.Add(e.TicketId),
                OpenComplaints = OpenComplaints.Add(e.TicketId),
            },
            ComplaintSettled e => this with { OpenComplaints = OpenComplaints.Remove(e.TicketId) },
            CareCameDue e => With(e.Personal.Value),
            CareSuppressed e => With(e.Personal.Value),
            CarePassedOver e => With(e.Personal.Value),
            CareScheduled { Until: { } until } e => this with
            {
                Plan = e.Plan,
                NextAt = e.Personal.Value?.At,
                Until = until > Until ? until : Until,
                BirthdayFrom = null,
                FirstPurchaseFrom = null,
            },
            CareScheduled e => this with { Plan = e.Plan, NextAt = e.Personal.Value?.At },
            CareEnded e => Initial with { CustomerId = e.CustomerId, Ended = true },
            _ => this,
        };

    /// <summary>The occasions that are not decided yet, as the calendar has them: the earliest first.</summary>
    public IEnumerable<Due> Occasions(CareCalendar calendar, DateTimeOffset upTo)
    {
        if (!IsCaredFor)
            return [];
        var days = Days(calendar);
        return calendar
            .Plan.Enabled.SelectMany(o =>
                calendar
                    .After(o.Key, days, From(o.Value.Kind))
                    .TakeWhile(due => due.At <= upTo)
                    .Where(due => due.Year > LastYears.GetValueOrDefault(o.Key, int.MinValue))
            )
            .OrderBy(due => due.At)
            .ThenBy(due => due.Occasion, StringComparer.Ordinal);
    }

    public DateTimeOffset? Next(CareCalendar calendar)
    {
        if (!IsCaredFor)
            return null;
        var days = Days(calendar);
        return calendar
            .Plan.Enabled.Select(o =>
                calendar
                    .After(o.Key, days, From(o.Value.Kind))
                    .FirstOrDefault(due => due.Year > LastYears.GetValueOrDefault(o.Key, int.MinValue))
                    ?.At
            )
            .Min();
    }

    CustomerCare With(CareOf? decided) =>
        decided is null ? this : this with { Decided = Decided + 1, LastYears = LastYears.SetItem(decided.Occasion, decided.Year) };

    PersonalDays Days(CareCalendar calendar) => new(Birthday, calendar.DayOf(RegisteredAt), calendar.DayOf(FirstPurchaseAt));

    /// <summary>What was learned late counts from when it was known, also where other occasions are decided further than that.</summary>
    DateTimeOffset From(OccasionKind kind) =>
        kind switch
        {
            OccasionKind.Birthday => BirthdayFrom ?? Until,
            OccasionKind.FirstPurchase => FirstPurchaseFrom ?? Until,
            _ => Until,
        };
}
