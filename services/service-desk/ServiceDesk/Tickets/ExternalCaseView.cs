namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>A case at an authority or a platform, with its clocks.</summary>
/// <param name="Number">1 is the first case of the complaint.</param>
/// <param name="Body">Where it is, as a code: <c>12315</c>.</param>
/// <param name="Reference">Its number there, as text of the ticket: null if that is not shown, and in lists.</param>
/// <param name="ReceivedAt">When the authority received it.</param>
/// <param name="AcceptanceDueAt">By when the authority decides whether it accepts the case.</param>
/// <param name="AcceptedAt">When it did; null if it did not.</param>
/// <param name="MediationDueAt">By when the mediation ends; null if the case is not accepted.</param>
/// <param name="AnswerDueAt">By when our answer is due: the authority's date or, while the complaint is open, that of the promised
/// solution, whichever is earlier; null if there is neither.</param>
/// <param name="AnsweredAt">When the complaint was decided; null if it is not.</param>
/// <param name="EndedAt">When the authority was done with it; null while it is open.</param>
/// <param name="Outcome"><c>settled</c>, <c>not-settled</c>, <c>not-accepted</c> or <c>withdrawn</c>; null while it is open.</param>
/// <param name="Late">Which clocks ran out: <c>external-acceptance</c>, <c>external-mediation</c>, <c>external-answer</c> (of the
/// authority's own date).</param>
public sealed record ExternalCaseView(
    int Number,
    string Body,
    string? Reference,
    DateTimeOffset ReceivedAt,
    DateTimeOffset AcceptanceDueAt,
    DateTimeOffset? AcceptedAt,
    DateTimeOffset? MediationDueAt,
    DateTimeOffset? AnswerDueAt,
    DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt,
    [property: OneOf(null, "settled", "not-settled", "not-accepted", "withdrawn")] string? Outcome,
    IReadOnlyList<string> Late
)
{
    /// <param name="promised">When the promised solution is due; null if none is.</param>
    public static ExternalCaseView Of(ExternalCase external, DateTimeOffset? promised, DateTimeOffset now) =>
        new(
            Number: external.Number,
            Body: external.Body,
            Reference: external.Reference,
            ReceivedAt: external.ReceivedAt,
            AcceptanceDueAt: external.AcceptanceDueAt,
            AcceptedAt: external.AcceptedAt,
            MediationDueAt: external.MediationDueAt,
            AnswerDueAt: external is { AnsweredAt: null, EndedAt: null }
                ? new[] { external.AnswerDueAt, promised }.Min()
                : external.AnswerDueAt,
            AnsweredAt: external.AnsweredAt,
            EndedAt: external.EndedAt,
            Outcome: external.Outcome,
            Late: [.. external.LateAt(now)]
        );
}
