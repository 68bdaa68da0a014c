using CrmPlatform.EventSourcing;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;
using CrmPlatform.Loyalty.Tiers;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.LoyaltyBenchmarks;

static class Bench
{
    const int Accounts = 2_048;

    static readonly LoyaltyRules rules = new()
    {
        Rules =
        {
            new()
            {
                Version = 1,
                EffectiveFrom = DateTimeOffset.UnixEpoch,
                Rules = [new() { Name = "base", PerUnit = 1 }],
            },
        },
        Schemes =
        {
            new() { Tiers = [new() { Name = "Bronze" }, new() { Name = "Silver", From = 500 }, new() { Name = "Gold", From = 2_000 }] },
        },
    };
    static readonly Line[] lines = [new("P-1001", "groceries", 12.5m), new("P-2002", "toys", 8)];

    static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    static async Task<int> Main(string[] args)
    {
        if (Settings.Parse(args) is not { } settings)
        {
            Console.Error.WriteLine("usage: ./crm bench loyalty [--quick] [--events N] [row…]");
            return 2;
        }
        Rows.Configure();
        var rows = new List<Row>();
        var machine = "";
        try
        {
            await Part(async database =>
            {
                machine = await Machine.Describe(database);
                await Commands(database, settings, rows);
            });
            if (settings.Wants("expiry"))
                await Part(database => Expiry.Measure(database, settings, rows, rules));
            // Fills the disk: only where it is asked for by its name.
            if (settings.Filters.Contains("accounts"))
                await ManyAccounts.Compare(settings, rows);
        }
        finally
        {
            Console.WriteLine(
                $"{machine}\n\n{Table.Render(rows)}\n\n{rows.Count(r => r.Met == true)} goals met, {rows.Count(r => r.Met == false)} missed"
            );
        }
        return 0;
    }

    /// <summary>As the room keeps its accounts: what is written with each fact, and the statement that follows.</summary>
    public static EventStore Store(Database database) =>
        database.Store(o =>
            o.Aggregate<LoyaltyAccount, IAccountEvent>("loyalty_account", 3)
                .Inline(new LedgerView())
                .Inline(new TiersView())
                .Async(new StatementView())
        );

    /// <summary>A purchase with two lines.</summary>
    public static Task Earn(EventStore store, Guid id) =>
        store.Write(
            new(TimeProvider.System),
            LoyaltyAccount.Of(id),
            a => new EarnPoints(Guid.CreateVersion7(), 20.5m, Now, "web", lines).Decide(a, rules)
        );

    /// <summary>Earning and spending by many accounts and by one, each command with its tables written in the same transaction.</summary>
    static async Task Commands(Database database, Settings settings, List<Row> rows)
    {
        var (store, bare) = (Store(database), new Bare(database.Db));
        await database.Daemon(store);
        var ids = Enumerable.Range(0, Accounts).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var chunk in ids.Chunk(256))
            await store.Execute([
                .. chunk.Select(id =>
                    Write.To(LoyaltyAccount.Of(id), a => new EarnPoints(Guid.CreateVersion7(), 100_000, Now).Decide(a, rules))
                ),
            ]);
        var turn = 0;
        Guid Next() => ids[Interlocked.Increment(ref turn) % Accounts];
        Task Earn(Guid id) => Bench.Earn(store, id);
        Task Redeem(Guid id) =>
            store.Write(
                new(TimeProvider.System),
                LoyaltyAccount.Of(id),
                a => new RedeemPoints(1, "bench").Decide(a, rules, Guid.CreateVersion7(), Now)
            );

        foreach (var workers in Settings.Concurrencies)
        {
            await Ratio("earn (a purchase with two lines)", workers, _ => Earn(Next()));
            await Ratio("redeem", workers, _ => Redeem(Next()));
        }
        await Hot("32 clients earn and redeem on one account", ids[0], (id, worker) => worker % 2 == 0 ? Earn(id) : Redeem(id));
        if (settings.Wants("statement"))
            rows.Add(await Statement.Measure(database, store, ids[0], settings));

        async Task Ratio(string work, int workers, Func<int, Task> command)
        {
            if (!settings.Wants(work))
                return;
            await Slice.Run(workers, settings.WarmUp, command);
            await Slice.Run(workers, settings.BareSlice, _ => bare.Values());
            var (ours, theirs) = (new List<Slice>(), new List<Slice>());
            for (var round = 0; round < settings.Rounds; round++)
            {
                theirs.Add(await Slice.Run(workers, settings.BareSlice, _ => bare.Values()));
                ours.Add(await Slice.Run(workers, settings.StoreSlice, command));
            }
            var ratios = ours.Zip(theirs, (a, b) => a.PerSecond / b.PerSecond).Order().ToList();
            rows.Add(
                Shown(work, workers, Slice.Of(ours)) with
                {
                    Ratio = $"{Table.Number(ratios[ratios.Count / 2])} [{Table.Number(ratios[0])}–{Table.Number(ratios[^1])}]",
                }
            );
        }

        async Task Hot(string work, Guid id, Func<Guid, int, Task> command)
        {
            if (!settings.Wants(work))
                return;
            await Slice.Run(32, settings.WarmUp, worker => command(id, worker));
            var slice = await Slice.Run(32, 5 * settings.StoreSlice, worker => command(id, worker));
            var (account, _) = await store.Read(LoyaltyAccount.Of(id));
            var adds = account.Balance == account.Lots.Values.Sum(l => l.Remaining) ? "adds up" : "DOES NOT ADD UP";
            rows.Add(
                Shown(work, 32, slice) with
                {
                    Measured = $"{Table.Rate(slice.PerSecond)}/s, {slice.Failures.Count} failed, {account.Lots.Count:N0} lots, {adds}",
                    Goal = ">= 1,000/s, none fails",
                    Met =
                        slice.PerSecond >= 1_000
                        && slice.Failures.Count == 0
                        && account.Balance == account.Lots.Values.Sum(l => l.Remaining),
                }
            );
        }
    }

    public static Row Shown(string work, int workers, Slice slice) =>
        new(
            work,
            $"c = {workers}",
            $"{Table.Rate(slice.PerSecond)}/s",
            Table.Number(slice.P50),
            Table.Number(slice.P99),
            Server: Table.Rate(slice.Cpu.Server * 1e6 / slice.Commands),
            Client: Table.Rate(slice.Cpu.Client * 1e6 / slice.Commands)
        );

    public static async Task Part(Func<Database, Task> run)
    {
        var database = await Database.Create();
        await Cpu.Find(database);
        try
        {
            await run(database);
        }
        finally
        {
            await database.Drop();
        }
    }
}
