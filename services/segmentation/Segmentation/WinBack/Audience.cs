using CrmPlatform.Segmentation.Rules;
using CrmPlatform.Segmentation.RuleSegments;

namespace CrmPlatform.Segmentation.WinBack;

/// <summary>Who gets an offer and who is held out, of the members of a segment.</summary>
/// <param name="Excluded">Why others are neither, and how many.</param>
public sealed record Audience(IReadOnlyList<Guid> Treated, IReadOnlyList<Guid> Held, IReadOnlyDictionary<string, int> Excluded)
{
    public const int Most = 100_000;
    public static readonly TimeSpan Pause = TimeSpan.FromDays(14);

    const int AtOnce = 2_000;

    /// <summary>As of now. Who was forgotten is no member.</summary>
    /// <exception cref="RuleViolationException"><c>audience-too-large</c>.</exception>
    public static async Task<Audience> Of(
        NpgsqlConnection connection,
        Business business,
        Guid plan,
        WinBackPlanned planned,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var members = (
            await connection.QueryAsync<(Guid Customer, bool Held, bool Offered)>(
                new CommandDefinition(
                    """
                    select m.customer_id, m.held, exists (
                        select from win_back_customers c join win_back_plans p using (plan_id)
                        where c.customer_id = m.customer_id and not c.held and p.launched_at > @since)
                    from segment_members m where m.code = @Segment order by m.customer_id limit @Most + 1
                    """,
                    new
                    {
                        planned.Segment,
                        since = now - Pause,
                        Most,
                    },
                    cancellationToken: ct
                )
            )
        ).AsList();
        if (members.Count > Most)
            throw new RuleViolationException("audience-too-large", $"The segment has more than {Most} members.");
        var consent = Rule.Of(new(Consent: new("marketing")), business);
        var complains = Rule.Of(new(OpenTickets: new("complaint", AtLeast: 1)), business);
        var (treated, held, excluded) = (new List<Guid>(), new List<Guid>(), new SortedDictionary<string, int>());
        var holdout = new Holdout(planned.Holdout, plan.ToString());
        foreach (var some in members.Chunk(AtOnce))
        {
            var rows = await FactRow.Around(connection, [.. some.Select(m => m.Customer)], ct);
            var groups = rows.Values.Where(r => r.SurvivorId is not null).ToLookup(r => r.SurvivorId!.Value);
            foreach (var m in some)
            {
                var facts = rows.TryGetValue(m.Customer, out var row) && row.SurvivorId is null ? row.With(groups[m.Customer]) : null;
                var reason =
                    m.Held ? "held-by-segment"
                    : facts is null || consent.At(facts, Instant.Of(now)) != Verdict.Yes ? "no-consent"
                    : complains.At(facts, Instant.Of(now)) == Verdict.Yes ? "open-complaint"
                    : m.Offered ? "offered-recently"
                    : null;
                if (reason is not null)
                    excluded[reason] = excluded.GetValueOrDefault(reason) + 1;
                else
                    (holdout.Holds(m.Customer) ? held : treated).Add(m.Customer);
            }
        }
        return new(treated, held, excluded);
    }
}
