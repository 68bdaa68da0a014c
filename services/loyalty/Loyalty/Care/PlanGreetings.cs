using System.Globalization;

namespace CrmPlatform.Loyalty.Care;

/// <summary>
/// Plans the message of each greeting. It follows the log: which greetings a decision comes to, and so which messages, is known only once
/// it is made, so they cannot be streams of that decision.
/// </summary>
public sealed class PlanGreetings(IServiceProvider services, CarePlan plan, TimeProvider clock) : ISubscription
{
    public string Name => "greetings";
    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(CareCameDue) };

    public Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct) =>
        services
            .GetRequiredService<EventStore>()
            .Execute(
                [
                    .. page.Select(e => (CareCameDue)e.Data)
                        .Select(due => (due.CareId, Message: MessageOf(due)))
                        .Where(m => m.Message is not null)
                        .Select(m => Message.Planned(Message.IdOf("care", m.CareId.ToString()), m.Message!)),
                ],
                ct: ct
            );

    /// <returns>
    /// Null for somebody who was forgotten, and for a greeting from before there were messages that would be too late now.
    /// </returns>
    MessagePlanned? MessageOf(CareCameDue due) =>
        due.Personal.Value is { DueAt: var at } && at + plan.StillWorth > clock.GetUtcNow()
            ? new(
                CustomerId: due.CustomerId,
                Purpose: plan.ConsentPurpose,
                Channel: due.Channel,
                Template: due.Content,
                Language: due.Language,
                Values: due.Points > 0
                    ? new Dictionary<string, string> { ["points"] = due.Points.ToString(CultureInfo.InvariantCulture) }
                    : [],
                NotBefore: at,
                Until: at + plan.StillWorth
            )
            : null;
}
