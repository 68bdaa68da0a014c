using System.ComponentModel;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>One account: as it is now, from its tables; as of an earlier instant, folded from its facts.</summary>
public static class GetAccount
{
    const string Sql = """
        select tier, qualifying, earned, redeemed, expired, reversed, transferred_in, transferred_out, debt, purchases, forgotten, version,
            exists (select from tier_standing s where s.customer_id = @customerId and s.assigned_by is not null) as Assigned
        from ledger_account where customer_id = @customerId;
        select lot_id as LotId, purchase_id as PurchaseId, reference, rule, rule_version as RuleVersion,
            earned, remaining, earned_at as EarnedAt, active_from as ActiveFrom,
            awaits, case when awaits is null then expires_at end as ExpiresAt
        from ledger_lot where customer_id = @customerId and open
        order by due_at is null or active_from is not null, expires_at, earned_at, lot_id
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "accounts/{customerId:guid}",
                "One account, as it is or as it was",
                "loyalty.read",
                async (
                    Guid customerId,
                    [Description("As of this instant; now if left out.")] DateTimeOffset? asOf,
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
                            AccountAsOf.Of(customerId, await store.FetchStream(customerId, ct: ct), rules, asOf.Value.ToUniversalTime())
                                is { } past
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
                        AccountShown.Of(
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
            .Produces<AccountShown>();

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
