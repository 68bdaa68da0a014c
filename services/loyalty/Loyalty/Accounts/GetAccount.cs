using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>Points that are left of one award.</summary>
/// <param name="Reference">What earned them, if not a purchase.</param>
/// <param name="ActiveFrom">They wait for this instant.</param>
/// <param name="Awaits">They wait for this action; when they expire is known then.</param>
public sealed record LotShown(
    Guid LotId,
    Guid? PurchaseId,
    Guid? Reference,
    string Rule,
    int RuleVersion,
    long Earned,
    long Remaining,
    DateTimeOffset EarnedAt,
    DateTimeOffset? ActiveFrom,
    string? Awaits,
    DateTimeOffset? ExpiresAt
);

/// <summary>
/// An account at an instant: Balance = Available + Pending − Debt = Earned + TransferredIn − TransferredOut − Redeemed − Expired −
/// Reversed.
/// </summary>
/// <param name="TierExpiresAt">When the tier is reviewed, StayInTierPoints what is missing to keep it then, ProjectedTier what it will be
/// if nothing more happens.</param>
/// <param name="QualifyingPoints">That count for the tier at this instant.</param>
/// <param name="Debt">What a return took more than was left (policy Unlimited); the next points repay it. As of an instant also what was
/// told later, and took from points that were not there then.</param>
/// <param name="TransferredIn">From other members of the household; over all accounts it is what was transferred out.</param>
/// <param name="Lots">Those with points left, in the order in which they will be spent.</param>
public sealed record AccountShown(
    Guid CustomerId,
    DateTimeOffset AsOf,
    string Tier,
    DateTimeOffset? TierExpiresAt,
    long QualifyingPoints,
    string? NextTier,
    long? PointsToNext,
    long? StayInTierPoints,
    string ProjectedTier,
    long Balance,
    long Available,
    long Pending,
    long Debt,
    long Earned,
    long Redeemed,
    long Expired,
    long Reversed,
    long TransferredIn,
    long TransferredOut,
    int Purchases,
    bool Forgotten,
    long Version,
    IReadOnlyList<LotShown> Lots
);

/// <summary>One account: as it is now, from its tables; as of an earlier instant, folded from its facts.</summary>
public static class GetAccount
{
    const string Sql = """
        select tier, qualifying, earned, redeemed, expired, reversed, transferred_in, transferred_out, debt, purchases, forgotten, version,
            exists (select from tier_standing s where s.customer_id = @customerId and s.assigned_by is not null) as Assigned
        from ledger_account where customer_id = @customerId;
        select lot_id as LotId, purchase_id as PurchaseId, reference, rule, rule_version as RuleVersion, earned, remaining, earned_at as EarnedAt,
            active_from as ActiveFrom, awaits, case when awaits is null then expires_at end as ExpiresAt
        from ledger_lot where customer_id = @customerId and open order by due_at is null or active_from is not null, expires_at, earned_at, lot_id
        """;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(
                "/api/loyalty/accounts/{customerId:guid}",
                async (
                    Guid customerId,
                    DateTimeOffset? asOf,
                    EventStore store,
                    NpgsqlDataSource db,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    HttpResponse response,
                    CancellationToken ct
                ) =>
                {
                    var now = clock.GetUtcNow();
                    if (asOf > now)
                        throw new BadRequestException("asOf", "not in the future");
                    if (asOf is not null)
                        return
                            AsOf(customerId, await store.FetchStream(customerId, ct: ct), rules, asOf.Value.ToUniversalTime()) is { } past
                            ? TypedResults.Ok(past)
                            : (IResult)Answer.NotFound("account", customerId);
                    await using var connection = await db.OpenConnectionAsync(ct);
                    await using var tables = await connection.QueryMultipleAsync(
                        new CommandDefinition(Sql, new { customerId }, cancellationToken: ct)
                    );
                    if (await tables.ReadSingleOrDefaultAsync<Row>() is not { } row)
                        return Answer.NotFound("account", customerId);
                    var lots = (await tables.ReadAsync<LotShown>()).AsList();
                    // What is due counts as unlocked, and as expired, whether the clock has come by or not.
                    var due = lots.Where(l => l.ActiveFrom is null && l.ExpiresAt <= now).Sum(l => l.Remaining);
                    lots =
                    [
                        .. lots.Where(l => l.ActiveFrom is not null || !(l.ExpiresAt <= now))
                            .Select(l =>
                                l with
                                {
                                    ActiveFrom = l.ActiveFrom <= now ? null : l.ActiveFrom,
                                    ExpiresAt = l.ExpiresAt < Expiry.Never ? l.ExpiresAt : null,
                                }
                            ),
                    ];
                    response.Headers.ETag = $"\"{row.Version}\"";
                    // Where tiers come to an end, the account itself says how it stands; else its row does.
                    var standing =
                        row.Assigned || rules.AllSchemes.Any(s => s.Expires)
                            ? Standing.Of(
                                new Ledger((await store.Read(LoyaltyAccount.Of(customerId), ct)).State, rules).Pass(now).Account,
                                rules,
                                now
                            )
                            : Standing.Of(
                                LoyaltyAccount.Initial with
                                {
                                    Tier = row.Tier,
                                    QualifyingPoints = row.Qualifying,
                                    SchemeAsOf = now,
                                },
                                rules,
                                now
                            );
                    return TypedResults.Ok(
                        Shown(
                            customerId,
                            now,
                            standing,
                            new(row.Earned, row.Redeemed, row.Expired + due, row.Reversed, row.TransferredIn, row.TransferredOut),
                            row.Debt,
                            row.Purchases,
                            row.Forgotten,
                            row.Version,
                            lots
                        )
                    );
                }
            )
            .RequirePermission("loyalty.read")
            .WithName("GetAccount")
            .WithSummary("One account, as it is or as it was")
            .WithTags("accounts")
            .Produces<AccountShown>()
            .ProducesProblem(404);

    /// <summary>What had happened by an instant, whenever the platform learned of it. Null where there was no account.</summary>
    public static AccountShown? AsOf(Guid customerId, IReadOnlyList<RecordedEvent> stream, LoyaltyRules rules, DateTimeOffset at)
    {
        var happened = stream.Select(e => e.Data).OfType<IAccountEvent>().Where(f => f.OccurredAt <= at).ToList();
        var account = LoyaltyAccount.Initial.After(happened);
        var import = stream.Select(e => e.Data).OfType<MemberImported>().FirstOrDefault();
        // A member of the programme before this one, in the time before the account was opened here.
        if (!account.IsOpen && import?.JoinedAt <= at)
            account = account with { Tier = rules.SchemeAt(at).Tiers[0].Name, OpenedAt = import.JoinedAt, SchemeAsOf = at };
        if (!account.IsOpen)
            return null;
        var due = PassTime.Decide(account, rules, at);
        account = account.After(due);
        // Before the import the account is what its history tells; with it, what was carried over.
        var sums = happened
            .Concat(due)
            .Where(f => f is not HistoryImported || import!.OccurredAt > at)
            .Aggregate(new Sums(), (s, fact) => s.With(fact));
        var imported = happened.OfType<PointsImported>().ToDictionary(e => e.LotId, e => NameId.For(Lot.Imported, e.Reference));
        var awards = happened.OfType<PointsEarned>().ToDictionary(e => e.LotId);
        var transfers = happened
            .OfType<PointsTransferredIn>()
            .SelectMany(e => e.Lots.Select(l => (l.LotId, e.TransferId)))
            .ToDictionary(l => l.LotId, l => l.TransferId);
        var lots = account
            .Lots.Values.Where(l => l.Remaining > 0)
            .OrderBy(l => l.IsPending)
            .ThenBy(l => l.ByExpiry)
            .Select(l => new LotShown(
                l.Id,
                l.PurchaseId,
                awards.TryGetValue(l.Id, out var award) ? award.Reference
                    : imported.TryGetValue(l.Id, out var was) ? was
                    : transfers.GetValueOrDefault(l.Id, l.Id),
                l.Rule,
                award?.RuleVersion ?? 0,
                l.Earned,
                l.Remaining,
                l.EarnedAt,
                l.ActiveFrom,
                l.Awaits,
                l.Awaits is null && l.ExpiresAt < Expiry.Never ? l.ExpiresAt : null
            ))
            .ToList();
        // What is told late took some from a lot that was not made, or was spent, at this instant: it was owed then.
        var debt = lots.Sum(l => l.Remaining) + sums.Told - sums.Balance;
        return Shown(
            customerId,
            at,
            Standing.Of(account, rules, at),
            sums,
            debt,
            account.PurchaseCount,
            account.IsForgotten,
            stream[^1].Version,
            lots
        );
    }

    static AccountShown Shown(
        Guid customerId,
        DateTimeOffset at,
        Standing standing,
        Sums sums,
        long debt,
        int purchases,
        bool forgotten,
        long version,
        IReadOnlyList<LotShown> lots
    )
    {
        var pending = lots.Where(l => l.ActiveFrom is not null || l.Awaits is not null).Sum(l => l.Remaining);
        return new(
            customerId,
            at,
            standing.Tier,
            standing.ExpiresAt,
            standing.QualifyingPoints,
            standing.NextTier,
            standing.PointsToNext,
            standing.StayInTierPoints,
            standing.ProjectedTier,
            sums.Balance,
            lots.Sum(l => l.Remaining) - pending + Math.Max(0, sums.Told),
            pending,
            debt + Math.Max(0, -sums.Told),
            sums.Earned,
            sums.Redeemed,
            sums.Expired,
            sums.Reversed,
            sums.In,
            sums.Out,
            purchases,
            forgotten,
            version,
            lots
        );
    }

    /// <summary>Everything that has moved points; what is left is the balance.</summary>
    sealed record Sums(long Earned = 0, long Redeemed = 0, long Expired = 0, long Reversed = 0, long In = 0, long Out = 0, long Told = 0)
    {
        public long Balance => Earned + In - Out - Redeemed - Expired - Reversed;

        public Sums With(IAccountEvent fact) =>
            fact switch
            {
                PointsEarned e => this with { Earned = Earned + e.Points },
                PointsRedeemed e => this with { Redeemed = Redeemed + e.Points },
                RedemptionCancelled e => this with { Redeemed = Redeemed - e.Points },
                PointsExpired e => this with { Expired = Expired + e.Points },
                PointsReversed e => this with { Reversed = Reversed + e.Points },
                PointsAdjusted e => this with { Earned = Earned + Math.Max(0, e.Points), Reversed = Reversed + Math.Max(0, -e.Points) },
                PointsTransferredIn e => this with { In = In + e.Points },
                PointsTransferredOut e => this with { Out = Out + e.Points },
                PointsImported e => this with { Earned = Earned + e.Points },
                HistoryImported { Kind: PastKind.Redeemed } e => this with { Told = Told + e.Points, Redeemed = Redeemed - e.Points },
                HistoryImported { Kind: PastKind.Expired } e => this with { Told = Told + e.Points, Expired = Expired - e.Points },
                HistoryImported e => this with
                {
                    Told = Told + e.Points,
                    Earned = Earned + Math.Max(0, e.Points),
                    Reversed = Reversed + Math.Max(0, -e.Points),
                },
                _ => this,
            };
    }

    sealed record Row(
        string Tier,
        long Qualifying,
        long Earned,
        long Redeemed,
        long Expired,
        long Reversed,
        long TransferredIn,
        long TransferredOut,
        long Debt,
        int Purchases,
        bool Forgotten,
        long Version,
        bool Assigned
    );
}
