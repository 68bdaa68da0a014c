using System.ComponentModel;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>One account: as it is now, from its tables; as of an earlier instant, folded from its facts.</summary>
public static class GetAccount
{
    const string Sql = """
        select customer_id, tier, qualifying, earned, redeemed, expired, reversed, transferred_in, transferred_out, debt, purchases,
            forgotten, version,
            exists (select from tier_standing s where s.customer_id = a.customer_id and s.assigned_by is not null) as Assigned
        from ledger_account a where customer_id = any(@members);
        select customer_id as CustomerId, lot_id as LotId, purchase_id as PurchaseId, reference, rule, rule_version as RuleVersion,
            earned, remaining, earned_at as EarnedAt, active_from as ActiveFrom,
            awaits, case when awaits is null then expires_at end as ExpiresAt
        from ledger_lot where customer_id = any(@members) and open
        order by due_at is null or active_from is not null, expires_at, earned_at, lot_id
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "accounts/{customerId:guid}",
                "One account, as it is or as it was; those of one person together",
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
                    var group = await CustomerGroups.Of(db, customerId, ct);
                    var at = asOf?.ToUniversalTime() ?? now;
                    var accounts = asOf is null
                        ? await Now(group.Members, now, store, db, rules, ct)
                        : await Past(group.Members, at, store, rules, ct);
                    if (AccountGroup.Together(customerId, group, accounts, rules, at) is not { } account)
                        return (IResult)Answer.NotFound("account", customerId);
                    if (asOf is null && account.Version > 0)
                        response.Headers.ETag = $"\"{account.Version}\"";
                    return TypedResults.Ok(account);
                }
            )
            .Produces<AccountShown>();

    static async Task<List<AccountShown>> Past(
        IEnumerable<Guid> members,
        DateTimeOffset at,
        EventStore store,
        LoyaltyRules rules,
        CancellationToken ct
    )
    {
        var accounts = new List<AccountShown>();
        foreach (var member in members)
            if (AccountAsOf.Of(member, await store.FetchStream(member, ct: ct), rules, at) is { } account)
                accounts.Add(account);
        return accounts;
    }

    static async Task<List<AccountShown>> Now(
        IReadOnlyList<Guid> members,
        DateTimeOffset now,
        EventStore store,
        NpgsqlDataSource db,
        LoyaltyRules rules,
        CancellationToken ct
    )
    {
        Dictionary<Guid, Row> rows;
        ILookup<Guid, LotShown> lots;
        await using (var connection = await db.OpenConnectionAsync(ct))
        {
            await using var tables = await connection.QueryMultipleAsync(
                new CommandDefinition(Sql, new { members = members.ToArray() }, cancellationToken: ct)
            );
            rows = (await tables.ReadAsync<Row>()).ToDictionary(r => r.CustomerId);
            lots = (await tables.ReadAsync<LotShown>()).ToLookup(l => l.CustomerId);
        }
        var accounts = new List<AccountShown>();
        foreach (var member in members)
            if (rows.TryGetValue(member, out var row))
                accounts.Add(Shown(row, lots[member], await StandingOf(row, now, store, rules, ct), now));
        return accounts;
    }

    // Where tiers come to an end, the account itself says how it stands; else its row does.
    static async Task<Standing> StandingOf(Row row, DateTimeOffset now, EventStore store, LoyaltyRules rules, CancellationToken ct) =>
        Standing.Of(
            row.CustomerId,
            row.Assigned || rules.AllSchemes.Any(s => s.Expires)
                ? new Ledger((await store.Read(LoyaltyAccount.Of(row.CustomerId), ct)).State, rules).Pass(now).Account
                : LoyaltyAccount.Initial with
                {
                    Tier = row.Tier,
                    QualifyingPoints = row.Qualifying,
                    SchemeAsOf = now,
                },
            rules,
            now
        );

    static AccountShown Shown(Row row, IEnumerable<LotShown> open, Standing standing, DateTimeOffset now)
    {
        // What is due counts as unlocked, and as expired, whether the clock has come by or not.
        var due = open.Where(l => l.ActiveFrom is null && l.ExpiresAt <= now).Sum(l => l.Remaining);
        return AccountShown.Of(
            row.CustomerId,
            now,
            standing,
            new(row.Earned, row.Redeemed, row.Expired + due, row.Reversed, row.TransferredIn, row.TransferredOut),
            row.Debt,
            row.Purchases,
            row.Forgotten,
            row.Version,
            [
                .. open.Where(l => l.ActiveFrom is not null || !(l.ExpiresAt <= now))
                    .Select(l =>
                        l with
                        {
                            ActiveFrom = l.ActiveFrom <= now ? null : l.ActiveFrom,
                            ExpiresAt = l.ExpiresAt < Expiry.Never ? l.ExpiresAt : null,
                        }
                    ),
            ]
        );
    }

    sealed record Row(
        Guid CustomerId,
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
