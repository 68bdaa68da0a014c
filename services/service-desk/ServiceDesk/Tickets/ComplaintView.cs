namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>What the investigation of a complaint found.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Author">The subject of the agent's token.</param>
/// <param name="Text">Null if it is withheld or the customer was forgotten.</param>
public sealed record Finding(DateTimeOffset At, string Author, string? Text);

/// <summary>What the customer was offered.</summary>
/// <param name="Round">The first proposal or the second.</param>
/// <param name="Kind"><c>apology</c>, <c>refund</c>, <c>replace</c>, <c>repair</c>, <c>points</c>, <c>voucher</c> or <c>none</c>.</param>
/// <param name="Amount">Money of a refund or voucher, or how many points; null of the others.</param>
/// <param name="Currency">Of the money; null of points.</param>
/// <param name="Until">It may be answered until then.</param>
/// <param name="By">The subject of who proposed it.</param>
/// <param name="At">When it was proposed.</param>
/// <param name="Answer"><c>accepted</c>, <c>rejected</c>, <c>no-answer</c> (it lapsed); null while it waits for an answer.</param>
/// <param name="AnsweredAt">When it was answered or lapsed.</param>
public sealed record ProposalView(
    int Round,
    [property: OneOf("apology", "refund", "replace", "repair", "points", "voucher", "none")] string Kind,
    decimal? Amount,
    string? Currency,
    DateTimeOffset Until,
    string By,
    DateTimeOffset At,
    [property: OneOf(null, "accepted", "rejected", "no-answer")] string? Answer,
    DateTimeOffset? AnsweredAt
);

/// <summary>How a complaint was decided.</summary>
/// <param name="Outcome"><c>upheld</c>, <c>partly</c>, <c>rejected</c> or <c>withdrawn</c>.</param>
/// <param name="Cause">What caused it, as a code.</param>
/// <param name="By">The subject of who decided.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Minutes">Business minutes that it took, without waiting for the customer.</param>
public sealed record DecisionView(
    [property: OneOf("upheld", "partly", "rejected", "withdrawn")] string Outcome,
    string Cause,
    string By,
    DateTimeOffset At,
    int Minutes
);

/// <summary>What the customer was given.</summary>
/// <param name="Kind"><c>refund</c>, <c>voucher</c> or <c>points</c>.</param>
/// <param name="Amount">Money, or how many points.</param>
/// <param name="Currency">Of the money; null of points.</param>
/// <param name="By">The subject of who granted or proposed it.</param>
/// <param name="ApprovedBy">The subject of the second person; null up to the limit.</param>
/// <param name="At">When it was granted.</param>
public sealed record CompensationView(
    [property: OneOf("refund", "voucher", "points")] string Kind,
    decimal Amount,
    string? Currency,
    string By,
    string? ApprovedBy,
    DateTimeOffset At
);

/// <summary>What only a complaint has.</summary>
/// <param name="Stage"><c>received</c>, <c>assessed</c>, <c>investigating</c>, <c>proposed</c> (the customer is to answer),
/// <c>accepted</c>, <c>rejected</c>, <c>unanswered</c> or <c>decided</c>.</param>
/// <param name="NeedsDecision">Whether it can only be solved once it is decided: not if it was opened before 0.3 or imported.</param>
/// <param name="Safety">Whether somebody's safety is at stake.</param>
/// <param name="Scope"><c>one</c> or <c>many</c> customers; null before it is assessed.</param>
/// <param name="AboutAgent">The subject of the agent whom it is about, who does not see it; null if it is about none.</param>
/// <param name="Owner">The subject of who investigates; null if nobody did.</param>
/// <param name="Findings">What the investigation found, oldest first.</param>
/// <param name="Proposals">What the customer was offered, oldest first.</param>
/// <param name="Compensations">What the customer was given, oldest first.</param>
/// <param name="Decision">Null while it is not decided.</param>
/// <param name="ExternalCases">What the customer took to an authority or a platform, the first one first.</param>
public sealed record ComplaintView(
    [property: OneOf("received", "assessed", "investigating", "proposed", "accepted", "rejected", "unanswered", "decided")] string Stage,
    bool NeedsDecision,
    bool Safety,
    [property: OneOf(null, "one", "many")] string? Scope,
    string? AboutAgent,
    string? Owner,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<ProposalView> Proposals,
    IReadOnlyList<CompensationView> Compensations,
    DecisionView? Decision,
    IReadOnlyList<ExternalCaseView> ExternalCases
)
{
    public static ComplaintView Of(Complaint complaint, IReadOnlyList<object> facts, DateTimeOffset? promised, DateTimeOffset now)
    {
        // The last one: an answer in time may be told after the lapse.
        var answers = facts.OfType<ProposalAnswered>().GroupBy(a => a.Round).ToDictionary(g => g.Key, g => g.Last());
        var decided = complaint.Stage == ComplaintStage.Decided ? facts.OfType<ComplaintDecided>().Last() : null;
        return new(
            Stage: complaint.Stage.ToString().ToLowerInvariant(),
            NeedsDecision: complaint.NeedsDecision,
            Safety: complaint.Safety,
            Scope: complaint.Scope,
            AboutAgent: complaint.AboutAgent,
            Owner: complaint.Owner,
            Findings: [.. facts.OfType<FindingNoted>().Select(f => new Finding(f.OccurredAt, f.Author, f.Personal?.Value?.Text))],
            Proposals:
            [
                .. from p in facts.OfType<ProposalMade>()
                let answer = answers.GetValueOrDefault(p.Round)
                select new ProposalView(
                    Round: p.Round,
                    Kind: p.Kind,
                    Amount: p.Amount,
                    Currency: p.Currency,
                    Until: p.Until,
                    By: p.By,
                    At: p.OccurredAt,
                    Answer: answer?.Answer,
                    AnsweredAt: answer?.OccurredAt
                ),
            ],
            Compensations:
            [
                .. facts
                    .OfType<CompensationGranted>()
                    .Select(c => new CompensationView(c.Kind, c.Amount, c.Currency, c.By, c.ApprovedBy, c.OccurredAt)),
            ],
            Decision: decided is null
                ? null
                : new(decided.Outcome, decided.Cause, decided.By, decided.OccurredAt, (int)decided.Used.TotalMinutes),
            ExternalCases: [.. complaint.ExternalCases.Select(c => ExternalCaseView.Of(c, promised, now))]
        );
    }

    public ComplaintView Withheld() =>
        this with
        {
            Findings = [.. Findings.Select(f => f with { Text = null })],
            ExternalCases = [.. ExternalCases.Select(c => c with { Reference = null })],
        };
}
