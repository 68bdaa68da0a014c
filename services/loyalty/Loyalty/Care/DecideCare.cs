using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Care;

/// <summary>
/// Decides every occasion that has come due, dated at its due instant: greet, or say why not. Points that go with a greeting reach the
/// account in the same transaction. Late, often or on many replicas is the same: an occasion that is decided is not decided again.
/// </summary>
public sealed class DecideCare(CareCalendar calendar, LoyaltyRules rules) : IDueWork
{
    public const string NoConsent = "no-consent",
        OpenComplaint = "open-complaint",
        GreetedAsSurvivor = "same-person",
        TooLate = "too-late";

    const string Sql = """
        select c.customer_id, coalesce(g.survivor_id, c.customer_id) as survivor_id, coalesce(g.members, '{}') as members,
            array(select a.tier from ledger_account a where a.customer_id = any(g.members)) as tiers
        from care_next c left join customer_groups g using (customer_id)
        where next_at <= @now or plan < @Version order by next_at nulls last, c.customer_id
        """;

    /// <summary>The name of the rule by which the account gets its points. It tells no occasion.</summary>
    public const string Rule = Occasion.Care;

    public string Name => "care";
    public TimeSpan Every => calendar.Plan.Every;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        (
            await connection.QueryAsync<Row>(
                new CommandDefinition(Sql, new { now, calendar.Plan.Version }, commandTimeout: 300, cancellationToken: ct)
            )
        ).Select(row => Together(row, now));

    Write Together(Row row, DateTimeOffset now) =>
        Write.To(
            CustomerCare.Of(row.CustomerId),
            LoyaltyAccount.Of(row.CustomerId),
            [.. row.Members.Where(m => m != row.CustomerId).Select(CustomerCare.Of)],
            (care, account, others) =>
            {
                var tier = rules.Best([account.State.Tier, .. row.Tiers], t => t, now);
                var person = new SamePerson(row.SurvivorId == row.CustomerId, [.. others.Select(o => o.State)]);
                var decided = Decide(care.State, calendar, tier, now, person);
                care.Append(decided);
                account.Append(Award(account.State, decided, rules));
            }
        );

    /// <param name="tier">Of the customer, or the best of those who are one person with them.</param>
    /// <param name="person">Those others; null where there are none.</param>
    public static ICareEvent[] Decide(CustomerCare care, CareCalendar calendar, string? tier, DateTimeOffset now, SamePerson? person = null)
    {
        if (!care.IsCaredFor)
            return [];
        var decided = care.Occasions(calendar, now)
            .Select((due, i) => One(care, calendar.Plan, due, tier, person ?? SamePerson.Alone, care.Decided + i, now))
            .ToArray();
        return Schedule(care, calendar, decided, now);
    }

    /// <summary>Adds when the next occasion is due, where that is not what is known.</summary>
    /// <param name="until">Everything up to here is decided; null where only something new was learned.</param>
    public static ICareEvent[] Schedule(CustomerCare care, CareCalendar calendar, ICareEvent[] events, DateTimeOffset? until = null)
    {
        var after = care.After(events);
        if (!after.IsCaredFor)
            return events;
        var next = (until is null ? after : after.Evolve(Scheduled(null))).Next(calendar);
        return next == care.NextAt && care.Plan == calendar.Plan.Version ? events : [.. events, Scheduled(next)];

        CareScheduled Scheduled(DateTimeOffset? at) =>
            new(after.CustomerId, calendar.Plan.Version, until, Personal.Of(after.CustomerId, new NextCare(at)));
    }

    static ICareEvent One(CustomerCare care, CarePlan plan, Due due, string? tier, SamePerson person, int number, DateTimeOffset now)
    {
        var (occasion, customer) = (plan.Occasions[due.Occasion], care.CustomerId);
        var message = occasion.For(tier, care.Language);
        // By its number, so that the id tells nobody which occasion it was.
        var id = NameId.For("care", customer.ToString(), number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var personal = Personal.Of(customer, new CareOf(due.Occasion, due.Year, due.Day, due.At));
        if (now - due.At > plan.StillWorth)
            return new CarePassedOver(id, customer, TooLate, personal);
        if (!person.IsGreeted)
            return new CareSuppressed(id, customer, message.Channel, GreetedAsSurvivor, personal);
        if (!person.Allows(care, message.Channel))
            return new CareSuppressed(id, customer, message.Channel, NoConsent, personal);
        if (person.HasOpenComplaint(care))
            return new CareSuppressed(id, customer, message.Channel, OpenComplaint, personal);
        return new CareCameDue(
            CareId: id,
            CustomerId: customer,
            PublishedAs: occasion.PublishedAs(due.Occasion),
            Channel: message.Channel,
            Content: message.Content,
            Tier: tier,
            Language: care.Language,
            Points: occasion.Points,
            Personal: personal
        );
    }

    static IAccountEvent[] Award(LoyaltyAccount account, ICareEvent[] decided, LoyaltyRules rules)
    {
        var (before, events) = (account, new List<IAccountEvent>());
        foreach (var due in decided.OfType<CareCameDue>().Where(d => d.Points > 0))
        {
            events.AddRange(new AwardPoints(due.CareId, Rule, due.Points, due.Personal.Value!.DueAt).Decide(account, rules));
            account = before.After(events);
        }
        return [.. events];
    }

    sealed class Row
    {
        public Guid CustomerId { get; init; }
        public Guid SurvivorId { get; init; }
        public Guid[] Members { get; init; } = [];
        public string[] Tiers { get; init; } = [];
    }
}
