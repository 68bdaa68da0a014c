using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;
using CrmPlatform.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrmPlatform.LoyaltyBenchmarks;

static class Expiry
{
    /// <summary>
    /// A million lots of a hundred thousand accounts are due at once: the tables are built from the log, then all lots expire.
    /// </summary>
    public static async Task Measure(Database database, Settings settings, List<Row> rows, LoyaltyRules rules)
    {
        var lots = settings.Events ?? (settings.Quick ? 100_000 : 1_000_000);
        const int each = 10;
        await Seed.Streams(
            "loyalty_account",
            (int)(lots / each),
            each + 1,
            """
            select 1 as v, 'account_opened' as type, jsonb_build_object('tier', 'Bronze', 'occurredAt', now() - interval '3 years') as data
            union all
            select v, 'points_earned', jsonb_build_object(
                'lotId', md5(s.id::text || v)::uuid, 'purchaseId', md5(v || s.id::text)::uuid, 'points', 50, 'repaid', 0, 'net', 50,
                'ruleVersion', 1, 'expiresAt', now() - interval '1 day' * v, 'balance', 50 * (v - 1),
                'occurredAt', now() - interval '2 years' - interval '1 day' * v, 'rule', 'base')
            from generate_series(2, 11) v
            """
        );
        var store = Bench.Store(database);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await database.Daemon(store);
        rows.Add(
            new(
                "expiry: the tables from the log",
                "",
                $"{Table.Rate((lots + lots / each) / clock.Elapsed.TotalSeconds)} facts/s ({lots + lots / each:N0})"
            )
        );
        clock.Restart();
        var expired = await new DueRunner(database.Db, store, TimeProvider.System, NullLogger<DueRunner>.Instance).Run(new PassTime(rules));
        var seconds = clock.Elapsed.TotalSeconds;
        var left = await database.Scalar<long>("select coalesce(sum(remaining), 0)::bigint from ledger_lot");
        var bare = new Bare(database.Db);
        var slice = await Slice.Run(1, 3, _ => bare.Unnest(1_667));
        rows.Add(
            new(
                $"expiry of {lots:N0} lots",
                "",
                $"{seconds:N0} s, {Table.Rate(expired / seconds)} lots/s, {left} points left",
                Ratio: Table.Number(expired / seconds / (slice.PerSecond * 5_001)),
                Goal: "all, once",
                Met: expired == lots && left == 0
            )
        );
    }
}
