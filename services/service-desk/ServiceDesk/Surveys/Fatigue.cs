namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>How often a person is asked: by any survey, under any of their ids.</summary>
public static class Fatigue
{
    public const int MostUnanswered = 3;

    public static readonly TimeSpan BetweenAny = TimeSpan.FromDays(14),
        BetweenRelational = TimeSpan.FromDays(90),
        Remembered = TimeSpan.FromDays(365);

    /// <summary>Why a person is not asked at an instant; asks after it count, too, since invitations may be told of the past.</summary>
    /// <returns>Null if they may be asked.</returns>
    public static string? Reason(IReadOnlyCollection<Ask> asks, bool relational, DateTimeOffset at) =>
        relational && asks.Any(a => a.Relational && (a.At - at).Duration() < BetweenRelational) ? Suppression.Relational
        : asks.Any(a => (a.At - at).Duration() < BetweenAny) ? Suppression.Any
        : Unanswered(asks, at) >= MostUnanswered ? Suppression.Unanswered
        : null;

    /// <summary>How often they were asked in the year before since they answered last.</summary>
    static int Unanswered(IEnumerable<Ask> asks, DateTimeOffset at) =>
        asks.Where(a => a.At <= at && a.At > at - Remembered)
            .OrderByDescending(a => a.At)
            .TakeWhile(a => a.AnsweredAt is null || a.AnsweredAt > at)
            .Count();
}
