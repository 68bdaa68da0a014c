using CrmPlatform.EventSourcing;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.LoyaltyBenchmarks;

/// <summary>The first page of an account's statement, read again and again.</summary>
static class Statement
{
    public static async Task<Row> Measure(Database database, EventStore store, Guid customer, Settings settings)
    {
        await using var following = await database.Daemon(store) is var daemon ? new Following(daemon) : null!;
        await daemon.CatchUp();
        var entries = await database.Scalar<long>("select count(*) from statement_entry where customer_id = $1", customer);
        var slice = await Slice.Run(
            1,
            settings.StoreSlice,
            async _ =>
            {
                if ((await GetStatement.Page(database.Db, [customer], null, null, null, null, 51, default)).Count == 0)
                    throw new InvalidOperationException("the statement is empty");
            }
        );
        if (slice.Failures.Count > 0)
            throw slice.Failures[0];
        return Bench.Shown($"statement, newest 50 of {entries:N0}", 1, slice);
    }
}
