namespace CrmPlatform.Customers.Identity;

/// <summary>
/// The two are not one. It holds until an identifier of either changes, or another model compares them. Send If-Match with the version that
/// was read: if a profile changed since, it is refused.
/// </summary>
/// <param name="Reason">Why, as a code in the business's words: <c>family</c>, <c>namesake</c>.</param>
public sealed record RejectCandidate([property: Required, Code] string Reason)
{
    /// <exception cref="NotFoundException">There is no such candidate.</exception>
    /// <exception cref="RuleViolationException"><c>candidate-withdrawn</c>: there is nothing to decide any more;
    /// <c>candidate-confirmed</c>: they are one already.</exception>
    public ICandidateEvent[] Decide(Candidate candidate, Guid id, DateTimeOffset now) =>
        candidate.Status switch
        {
            null => throw new NotFoundException("candidate", id),
            CandidateStatus.Open when candidate.Suggested!.Reason != MatchVerdict.Revisit => [new MatchRejected(Reason, now)],
            CandidateStatus.Rejected => [],
            CandidateStatus.Open or CandidateStatus.Confirmed => throw new RuleViolationException(
                "candidate-confirmed",
                "They are one already. Undo the merge to take them apart.",
                "id"
            ),
            _ => throw Withdrawn(),
        };

    public static RuleViolationException Withdrawn() =>
        new RuleViolationException(
            "candidate-withdrawn",
            "They no longer look like one, one was forgotten, or they are one by way of others.",
            "id"
        );

    public static void Map(CrmService room) =>
        room.MapPost(
                "candidates/{id:guid}/reject",
                "Say that two customers are not one",
                "customers.identity.review",
                async (Guid id, RejectCandidate command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, Candidate.Of(id), c => command.Decide(c, id, request.Now)))
            )
            .Refuses("candidate-withdrawn", "candidate-confirmed");
}
