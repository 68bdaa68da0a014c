using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Merging;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Quality;
using CrmPlatform.EventSourcing;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.CustomersBenchmarks;

static class Bench
{
    static async Task<int> Main(string[] args)
    {
        if (Settings.Parse(args) is not { } settings)
        {
            Console.Error.WriteLine("usage: ./crm bench customers [--quick] [--events CUSTOMERS] [row…]");
            return 2;
        }
        Rows.Configure();
        var rows = new List<Row>();
        var machine = "";
        try
        {
            machine = await Part(database => Machine.Describe(database));
            if (settings.Wants("registration"))
                await Registration.Measure(settings, rows);
            var customers = settings.Events ?? (settings.Quick ? 100_000 : 1_000_000);
            if (settings.Wants("candidates") || settings.Wants("merge") || settings.Wants("profile"))
                await Part(async database =>
                {
                    var room = new Room(database, identity: true);
                    await room.Fill((int)customers);
                    await Matching.Measure(room, (int)customers, settings, rows);
                    return "";
                });
            if (settings.Wants("roll-up"))
                await Part(async database =>
                {
                    await RollUps.Measure(database, settings, rows);
                    return "";
                });
        }
        finally
        {
            Console.WriteLine(
                $"{machine}\n\n{Table.Render(rows)}\n\n{rows.Count(r => r.Met == true)} goals met, {rows.Count(r => r.Met == false)} missed"
            );
        }
        return 0;
    }

    public static async Task<string> Part(Func<Database, Task<string>> measure)
    {
        var database = await Database.Create();
        await Cpu.Find(database);
        try
        {
            await Database.Administer(CrmService.Tables.Replace(":app", "bench_app", StringComparison.Ordinal));
            return await measure(database);
        }
        finally
        {
            await database.Drop();
        }
    }

    public static Row Shown(string work, int workers, Slice slice) =>
        new(work, $"c = {workers}", $"{Table.Rate(slice.PerSecond)}/s", Table.Number(slice.P50), Table.Number(slice.P99));
}

/// <summary>The room's customers with the views and followers that hear of a registration, as the service has them, in this process.
/// </summary>
sealed class Room
{
    readonly ServiceProvider services;

    /// <param name="identity">Whether customers are compared: keys are written with each registration, and a follower looks for the same.
    /// </param>
    public Room(Database database, bool identity)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["PersonalData:MasterKey"] = Convert.ToBase64String(new byte[32]),
                    ["PersonalData:IndexKey"] = Convert.ToBase64String(new byte[32]),
                }
            )
            .Build();
        var (keys, index, business, options) = (
            new PersonalKeys(configuration),
            new PersonalIndex(configuration),
            new Business(),
            new IdentityOptions()
        );
        Names = new(database.Db, index, TimeProvider.System);
        (Database, Identity) = (database, identity);
        Groups = new(database.Db);
        services = new ServiceCollection()
            .AddSingleton(_ => Store!)
            .AddSingleton(_ => Groups)
            .AddSingleton(_ => Matches!)
            .AddSingleton(_ => Merger!)
            .BuildServiceProvider();
        Store = database.Store(o =>
        {
            (o.Seal, o.Open) = (keys.Seal, keys.Open);
            o.Aggregate<Customer, ICustomerEvent>("customer")
                .Aggregate<Candidate, ICandidateEvent>("identity_candidate")
                .Aggregate<Merge, IMergeEvent>("merge")
                .Inline(new CrmPlatform.Customers.Profiles.Directory(index, business))
                .Inline(new SealedNames(index))
                .Inline(Groups)
                .Inline(new MergeView())
                .Async(new QualityView(business));
            if (identity)
                o.Inline(new MatchIndex(index, business, options))
                    .Inline(new CandidateView())
                    .Subscribe(new SuggestMatches(database.Db, services, Names));
        });
        Matches = new(database.Db, Store, index, business, options, Names, TimeProvider.System);
        Merger = new(Store, Groups, Matches);
    }

    public Database Database { get; }
    public bool Identity { get; }
    public EventStore Store { get; }
    public NameCounts Names { get; }
    public KnownGroups Groups { get; }
    public FindMatches Matches { get; }
    public Merger Merger { get; }
    public List<Guid> People { get; } = [];

    public Task Register(Guid id, PersonalDetails details) =>
        Store.Write(
            new(TimeProvider.System),
            Customer.Of(id),
            c => c.Exists ? [] : [Population.Registered(id, details, TimeProvider.System.GetUtcNow())]
        );

    /// <summary>Registers so many, without the follower.</summary>
    public async Task Fill(int customers)
    {
        await Database.Daemon(Store);
        var population = new Population(1);
        for (var n = 0; n < customers; )
        {
            var chunk = Enumerable
                .Range(n, Math.Min(500, customers - n))
                .Select(i => (Id: Guid.CreateVersion7(), Who: population.Next(i)))
                .ToList();
            await Store.Execute([
                .. chunk.Select(c =>
                    Write.To(Customer.Of(c.Id), _ => [Population.Registered(c.Id, c.Who, TimeProvider.System.GetUtcNow())])
                ),
            ]);
            People.AddRange(chunk.Select(c => c.Id));
            n += chunk.Count;
        }
        await Database.Administer("vacuum analyze");
        if (Identity)
            await Names.Run(default);
    }
}
