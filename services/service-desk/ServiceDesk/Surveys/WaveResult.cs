namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>What became of one customer of a wave.</summary>
/// <param name="InvitationId">Id of their invitation.</param>
/// <param name="Outcome"><c>invited</c>, <c>suppressed</c>, or <c>unchanged</c>: it was decided before.</param>
/// <param name="Reason">Why it was suppressed: the first of <c>forgotten</c>, <c>survey-closed</c>, <c>urgent-complaint</c>,
/// <c>relational-90-days</c>, <c>asked-14-days</c>, <c>unanswered</c>, <c>not-drawn</c> that held; else null.</param>
public sealed record WaveCustomer(Guid CustomerId, Guid InvitationId, string Outcome, string? Reason);

/// <summary>What became of a wave, or would.</summary>
/// <param name="Invited">How many are invited.</param>
/// <param name="Suppressed">How many are not, by reason.</param>
/// <param name="Unchanged">About how many it was decided before.</param>
/// <param name="Customers">Each of them once, in the order in which they were named.</param>
public sealed record WaveResult(
    int Invited,
    IReadOnlyDictionary<string, int> Suppressed,
    int Unchanged,
    IReadOnlyList<WaveCustomer> Customers
)
{
    internal static WaveResult Of(IEnumerable<(Invite Invite, IEnumerable<IInvitationEvent> Facts)> decided)
    {
        WaveCustomer[] customers =
        [
            .. decided.Select(d =>
            {
                var reason = d.Facts.OfType<InvitationSuppressed>().FirstOrDefault()?.Reason;
                var outcome =
                    reason is not null ? "suppressed"
                    : d.Facts.Any() ? "invited"
                    : "unchanged";
                return new WaveCustomer(d.Invite.CustomerId, d.Invite.Id, outcome, reason);
            }),
        ];
        return new(
            customers.Count(c => c.Outcome == "invited"),
            customers.Where(c => c.Reason is not null).GroupBy(c => c.Reason!).ToDictionary(g => g.Key, g => g.Count()),
            customers.Count(c => c.Outcome == "unchanged"),
            customers
        );
    }
}
