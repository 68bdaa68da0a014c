namespace CrmPlatform.ServiceDesk.Agents;

/// <summary>An agent who may be given a ticket.</summary>
/// <param name="Open">Tickets that they have and that are open.</param>
/// <param name="Load">The same by priority: 8, 4, 2, 1.</param>
/// <param name="RoutedAt">When routing gave them a ticket last; null if it never did.</param>
public sealed record Candidate(
    string Subject,
    string State,
    DateTimeOffset? Until,
    IReadOnlyList<string> Languages,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Tiers,
    int Capacity,
    int Open,
    int Load,
    DateTimeOffset? RoutedAt
)
{
    public string StateAt(DateTimeOffset instant) => DeskAgent.StateAt(State, Until, instant);

    public bool IsAvailable(DateTimeOffset instant) => StateAt(instant) == DeskAgent.Available;

    /// <summary>Whether they are available again within so much business time.</summary>
    public bool IsBack(DateTimeOffset instant, TimeSpan within, BusinessCalendar calendar) =>
        IsAvailable(instant) || (State != DeskAgent.Available && Until is { } until && calendar.Between(instant, until) <= within);

    public bool HasPlace => Open < Capacity;

    /// <param name="tier">A tier that asks for a certificate; null if none is needed.</param>
    public bool IsCertified(string? tier) => tier is null || Tiers.Contains(tier);

    public bool IsAble(string category, string? language) =>
        (Categories.Count == 0 || Categories.Contains(category))
        && (language is null || Languages.Count == 0 || Languages.Contains(language));
}
