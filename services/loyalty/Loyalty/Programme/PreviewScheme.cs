using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Programme;

/// <summary>
/// What publishing a scheme would do to each account at the instant when it takes effect, as things are now. Writes nothing.
/// </summary>
/// <param name="EffectiveFrom">When it would take effect.</param>
/// <param name="Scheme">The tiers.</param>
public sealed record PreviewScheme(DateTimeOffset EffectiveFrom, TierScheme Scheme)
{
    const int AtOnce = 200,
        ShownMovers = 100;

    /// <returns>The tier before and after it takes effect.</returns>
    public static (LoyaltyAccount Before, LoyaltyAccount After) Move(LoyaltyAccount account, LoyaltyRules rules, TierScheme draft)
    {
        // The real rules without what takes effect later, and with the draft.
        var (real, with) = (rules.Copy(null), rules.Copy(null));
        with.Schemes.Add(draft);
        return (new Ledger(account, real).Pass(draft.EffectiveFrom).Account, new Ledger(account, with).Pass(draft.EffectiveFrom).Account);
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tiers/schemes/preview",
                "What publishing these tiers would do",
                "loyalty.rules.preview",
                async (
                    PreviewScheme command,
                    EventStore store,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var programme = (await store.Read(LoyaltyProgramme.Of, ct)).State;
                    var draft = new PublishScheme(command.EffectiveFrom, command.Scheme).Checked(programme, rules, clock.GetUtcNow());
                    var (moves, movers, accounts, after) = (
                        new SortedDictionary<(string, string), long>(),
                        new List<TierMoveShown>(),
                        0L,
                        Guid.Empty
                    );
                    while (true)
                    {
                        var ids = await db.Query<Guid>(
                            "select customer_id from tier_standing where customer_id > @after order by customer_id limit @AtOnce",
                            new { after, AtOnce },
                            ct
                        );
                        if (ids.Count == 0)
                            break;
                        foreach (var id in ids)
                        {
                            var (before, would) = Move((await store.Read(LoyaltyAccount.Of(id), ct)).State, rules, draft);
                            accounts++;
                            moves[(before.Tier!, would.Tier!)] = moves.GetValueOrDefault((before.Tier!, would.Tier!)) + 1;
                            if (before.Tier != would.Tier && movers.Count < ShownMovers)
                                movers.Add(new(id, before.Tier!, would.Tier!, would.TierExpiresAt));
                        }
                        after = ids[^1];
                    }
                    return new SchemePreviewShown(
                        draft,
                        accounts,
                        [.. moves.Select(m => new MoveShown(m.Key.Item1, m.Key.Item2, m.Value))],
                        movers
                    );
                }
            )
            .Produces<SchemePreviewShown>()
            .AtOnce(2)
            .Refuses("invalid-scheme", "effective-too-soon", "effective-date-taken");
}

/// <summary>An account whose tier would change.</summary>
/// <param name="FromTier">The tier that it has.</param>
/// <param name="ToTier">The tier that it would have.</param>
/// <param name="ExpiresAt">When that would be reviewed; null if it would not end by itself.</param>
public sealed record TierMoveShown(Guid CustomerId, string FromTier, string ToTier, DateTimeOffset? ExpiresAt);

/// <summary>What a scheme would do.</summary>
/// <param name="Scheme">As it would be published.</param>
/// <param name="Accounts">How many accounts there are.</param>
/// <param name="Tiers">How many accounts go from which tier to which.</param>
/// <param name="Movers">The first 100 that move, by id.</param>
public sealed record SchemePreviewShown(
    TierScheme Scheme,
    long Accounts,
    IReadOnlyList<MoveShown> Tiers,
    IReadOnlyList<TierMoveShown> Movers
);
