using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.LoyaltyBenchmarks;

/// <summary>
/// What a purchase costs among few accounts and among ten million, each time on an account that the process does not hold: it reads the
/// stream, decides, writes the facts and the tables.
/// </summary>
static class ManyAccounts
{
    const int Few = 100_000;
    const int Workers = 8;

    /// <summary>
    /// An account with one lot, and the same in the tables as they would come of it: by the server, since building them fact by fact would
    /// take twenty minutes more.
    /// </summary>
    const string Facts = """
        select 1 as v, 'account_opened' as type, jsonb_build_object('tier', 'Bronze', 'occurredAt', now() - interval '100 days') as data
        union all
        select 2, 'points_earned', jsonb_build_object(
            'lotId', md5(s.id::text)::uuid, 'purchaseId', md5('p' || s.id)::uuid, 'points', 50, 'repaid', 0, 'net', 50, 'ruleVersion', 1,
            'expiresAt', now() + interval '600 days', 'balance', 50, 'occurredAt', now() - interval '100 days', 'rule', 'base')
        """;
    static readonly string[] tables =
    [
        """
            insert into read.ledger_account (customer_id, tier, opened_at, qualifying, earned, version)
            select id, 'Bronze', now() - interval '100 days', 50, 50, 2 from mt_streams where type = 'loyalty_account'
            """,
        """
            insert into read.ledger_lot (
                lot_id, customer_id, purchase_id, rule, rule_version, earned, remaining, earned_at, expires_at, due_at)
            select md5(id::text)::uuid, id, md5('p' || id)::uuid, 'base', 1, 50, 50,
                now() - interval '100 days', now() + interval '600 days', now() + interval '600 days'
            from mt_streams where type = 'loyalty_account'
            """,
        """
            insert into read.tier_standing (customer_id, tier, since, scheme_as_of)
            select id, 'Bronze', now() - interval '100 days', now() - interval '100 days' from mt_streams where type = 'loyalty_account'
            """,
        "vacuum analyze read.ledger_account, read.ledger_lot, read.tier_standing",
        "checkpoint",
    ];

    public static async Task Compare(Settings settings, List<Row> rows)
    {
        var many = settings.Events ?? 10_000_000;
        double? few = null;
        foreach (var accounts in new[] { Few, many })
            await Bench.Part(async database =>
            {
                await database.Daemon(Bench.Store(database));
                Console.Error.WriteLine($"  opening {accounts:N0} accounts");
                await Seed.Streams("loyalty_account", (int)accounts, 2, Facts, tables);
                var ids = await database.Scalar<Guid[]>(
                    $"select array_agg(id) from mt_streams tablesample bernoulli({100.0 * Few / accounts})"
                );
                System.Random.Shared.Shuffle(ids);
                var first = await Measure(database, settings, accounts, ids, "earn, an account that is not held", few, rows);
                await Measure(
                    database,
                    settings,
                    accounts,
                    ids[..(int)first.Commands],
                    "the same accounts again, not held either",
                    few,
                    rows
                );
                few ??= first.Ratio;
            });
    }

    /// <summary>By a process that holds none of them: another store than the one whose tables these are.</summary>
    static async Task<(long Commands, double Ratio)> Measure(
        Database database,
        Settings settings,
        long accounts,
        Guid[] ids,
        string work,
        double? few,
        List<Row> rows
    )
    {
        var (store, bare) = (Bench.Store(database), new Bare(database.Db));
        var turn = -1;
        Task Earn() => Bench.Earn(store, ids[Interlocked.Increment(ref turn) % ids.Length]);
        await Slice.Run(Workers, settings.WarmUp, _ => Earn());
        var (ours, theirs, log) = (new List<Slice>(), new List<Slice>(), 0L);
        for (var round = 0; round < settings.Rounds; round++)
        {
            theirs.Add(await Slice.Run(Workers, settings.BareSlice, _ => bare.Values()));
            var before = await Written();
            ours.Add(await Slice.Run(Workers, settings.StoreSlice, _ => Earn()));
            log += await Written() - before;
        }
        var (slice, ratio) = (Slice.Of(ours), Slice.Of(ours).PerSecond / Slice.Of(theirs).PerSecond);
        if (slice.Failures.Count > 0)
            throw slice.Failures[0];
        rows.Add(
            Bench.Shown(work, Workers, slice) with
            {
                At = $"c = {Workers}, {accounts:N0} accounts",
                Measured = $"{Table.Rate(slice.PerSecond)}/s, {log / slice.Commands / 1024.0:N0} KiB of WAL each",
                Ratio = Table.Number(ratio) + (few is null ? "" : $"; few {Table.Number(few.Value)}"),
                Goal = few is null ? "" : ">= 0.8 of few",
                Met = few is null ? null : ratio >= 0.8 * few,
            }
        );
        return (turn + 1, ratio);

        Task<long> Written() => database.Scalar<long>("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
    }
}
