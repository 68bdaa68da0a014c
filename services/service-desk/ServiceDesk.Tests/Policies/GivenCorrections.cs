using System.Globalization;
using CrmPlatform.ServiceDesk.Policies;

namespace CrmPlatform.ServiceDesk.Tests.Policies;

/// <summary>Corrections of the calendar of <see cref="GivenRules"/>, and what they make of a ticket's facts.</summary>
static class GivenCorrections
{
    public static DateTimeOffset Sep(int day, string time) =>
        new(DateTime.Parse($"2026-09-{day:00} {time}", CultureInfo.InvariantCulture), TimeSpan.FromHours(8));

    public static ServiceRules Correct(DeskRules desk, ServiceRules state, DateTimeOffset at, params (string Day, string[] Hours)[] days) =>
        new CorrectCalendar(days.ToDictionary(d => d.Day, d => d.Hours), "forgotten")
            .Decide("default", state, desk, "ann", at)
            .Aggregate(state, (s, e) => s.Evolve(e));

    public static CorrectedPromise[] Of(DeskRules desk, ServiceRules state, IEnumerable<ITicketEvent> told, DateTimeOffset at) =>
        [.. CorrectedPromise.Of(GivenRules.Anna, Past(told), new(state, desk), at)];

    public static BreachExcused[] Excuse(DeskRules desk, ServiceRules state, IEnumerable<ITicketEvent> told, DateTimeOffset at) =>
        [
            .. CorrectedPromise
                .Excuse(GivenRules.Anna, Past(told), new(state, desk), state.Published[^1].Version, "ann", at)
                .Cast<BreachExcused>(),
        ];

    static TicketPast Past(IEnumerable<ITicketEvent> told) => told.Aggregate(TicketPast.Initial, (past, fact) => past.Evolve(fact));
}
