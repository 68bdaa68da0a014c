using System.Globalization;
using CrmPlatform.ServiceDesk.Policies;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>Rules and tickets of a week in Shanghai: open Monday to Friday, nine to six. 7 December 2026 is a Monday.</summary>
static class GivenRules
{
    public static readonly Guid Anna = NameId.For("anna");

    public static DateTimeOffset Dec(int day, string time) =>
        new(DateTime.Parse($"2026-12-{day:00} {time}", CultureInfo.InvariantCulture), TimeSpan.FromHours(8));

    public static Dictionary<string, CalendarSettings> Calendars(params string[] holidays) =>
        new()
        {
            ["default"] = new()
            {
                Week = new[] { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday" }.ToDictionary(d => d, _ => new[] { "09:00-18:00" }),
                Holidays = holidays,
            },
        };

    public static SlaPolicy Policy(string id, int first, int resolution, Action<SlaPolicy>? with = null)
    {
        var policy = new SlaPolicy
        {
            Id = id,
            Escalations = [new() { Percent = 75, Notify = "owner" }, new() { Percent = 100, Notify = "lead" }],
            Targets = Priorities.All.ToDictionary(
                p => p,
                _ => new SlaTargets
                {
                    FirstResponse = TimeSpan.FromHours(first),
                    Resolution = TimeSpan.FromHours(resolution),
                    NextUpdate = TimeSpan.FromHours(first),
                }
            ),
        };
        with?.Invoke(policy);
        return policy;
    }

    public static SlaPolicy Standard { get; } = Policy("standard", 8, 24);

    public static SlaPolicy Gold(string onTierChange) =>
        Policy(
            "best-customers",
            4,
            18,
            p =>
            {
                p.Tiers = ["Gold"];
                p.OnTierChange = onTierChange;
            }
        );

    public static DeskRules Rules(params SlaPolicy[] policies) =>
        new(new() { Calendars = Calendars(), Policies = policies }, new() { TimeZone = "Asia/Shanghai", Currency = "CNY" });

    /// <summary>Publishes a version that holds a minute later.</summary>
    public static DeskRules Publish(this DeskRules rules, DateTimeOffset at, string[] holidays, params SlaPolicy[] policies)
    {
        var version = rules.At(DateTimeOffset.MaxValue).Version + 1;
        var published = Enumerable.Range(1, version - 1).Select(v => new RulesPublished(v, at, Calendars(), policies, "ann", at)).ToList();
        rules.Follow([.. published, new(version, at.AddMinutes(1), Calendars(holidays), policies, "ann", at)]);
        return rules;
    }

    public static Ticket Opened(DeskRules rules, DateTimeOffset at, Standing? standing = null, string? severity = null) =>
        After(
            Ticket.Initial,
            new OpenTicket(Anna, severity is null ? "request" : "complaint", "invoice", "web", "Copy", Severity: severity).Decide(
                Ticket.Initial,
                rules,
                standing ?? Standing.Nothing,
                at
            )
        );

    public static Ticket After(Ticket ticket, IEnumerable<ITicketEvent> facts) => facts.Aggregate(ticket, (t, fact) => t.Evolve(fact));

    public static ITicketEvent[] At(Ticket ticket, DateTimeOffset at, Func<Ticket, DateTimeOffset, ITicketEvent[]> decide) =>
        Desk.At(ticket, null, at, decide);
}
