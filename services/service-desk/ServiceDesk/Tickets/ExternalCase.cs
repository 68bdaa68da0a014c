namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// A complaint that the customer took to an authority or a platform, with its two clocks: by when the authority decides whether it accepts
/// the case, and by when its mediation ends.
/// </summary>
/// <param name="Number">1 is the first of the complaint.</param>
/// <param name="Body">Where to, as a code: <c>12315</c>.</param>
/// <param name="Reference">Its number there; null of a forgotten customer.</param>
/// <param name="AnswerDueAt">By when the authority wants our answer; null if it gave no date.</param>
public sealed record ExternalCase(
    int Number,
    string Body,
    string? Reference,
    DateTimeOffset ReceivedAt,
    DateTimeOffset AcceptanceDueAt,
    DateTimeOffset? AnswerDueAt
)
{
    /// <summary>Working days of the authority (order 20 of the State Administration for Market Regulation, 2020).</summary>
    public const int AcceptanceDays = 7,
        MediationDays = 45;

    public const string Acceptance = "external-acceptance",
        Mediation = "external-mediation",
        Answer = "external-answer";

    public static ExternalCase Of(EscalatedOutside e) =>
        new(e.Number, e.Body, e.Personal?.Value?.Reference, e.ReceivedAt, e.AcceptanceDueAt, e.AnswerDueAt);

    public DateTimeOffset? AcceptedAt { get; private init; }

    /// <summary>Null while the case is not accepted.</summary>
    public DateTimeOffset? MediationDueAt { get; private init; }

    /// <summary>When the complaint was decided: that is our answer.</summary>
    public DateTimeOffset? AnsweredAt { get; private init; }
    public DateTimeOffset? EndedAt { get; private init; }
    public string? Outcome { get; private init; }

    public ExternalCase Evolve(IComplaintEvent fact) =>
        EndedAt is not null
            ? this
            : fact switch
            {
                ExternalCaseAccepted e => this with { AcceptedAt = e.OccurredAt, MediationDueAt = e.MediationDueAt },
                ExternalCaseEnded e => this with { EndedAt = e.OccurredAt, Outcome = e.Outcome },
                ComplaintDecided e => this with { AnsweredAt = AnsweredAt ?? e.OccurredAt },
                _ => this,
            };

    /// <summary>Each clock with its due instant, if it has one, and when it stopped.</summary>
    IEnumerable<(string Name, DateTimeOffset? DueAt, DateTimeOffset? StoppedAt)> Clocks =>
        [
            (Acceptance, AcceptanceDueAt, AcceptedAt ?? EndedAt),
            (Mediation, MediationDueAt, EndedAt),
            (Answer, AnswerDueAt, AnsweredAt ?? EndedAt),
        ];

    /// <summary>The clocks that run, each with its due instant.</summary>
    public IEnumerable<(string Name, DateTimeOffset DueAt)> Running =>
        from c in Clocks
        where c.StoppedAt is null && c.DueAt is not null
        select (c.Name, c.DueAt!.Value);

    /// <summary>The clocks that ran out before they stopped, or before an instant.</summary>
    public IEnumerable<string> LateAt(DateTimeOffset instant) => from c in Clocks where c.DueAt < (c.StoppedAt ?? instant) select c.Name;
}
