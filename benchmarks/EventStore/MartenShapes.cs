using CrmPlatform.EventSourcing;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>
/// The same commands by Marten as its manual shows them: a session for each, <c>FetchForWriting</c> where a state is decided on.
/// </summary>
sealed class MartenShapes : IDisposable
{
    readonly DocumentStore live,
        inline;

    MartenShapes(Database database) =>
        (live, inline) = (Open(ProjectionLifecycle.Live, database), Open(ProjectionLifecycle.Inline, database));

    /// <summary>Makes the tables of documents, in a schema of their own.</summary>
    public static async Task<MartenShapes> Create(Database database)
    {
        var options = Configure(ProjectionLifecycle.Inline);
        options.Connection(Database.Owner);
        await using var owner = new DocumentStore(options);
        await owner.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
        await Database.Administer(
            """
            grant usage on schema documents to bench_app;
            grant select, insert, update on all tables in schema documents to bench_app;
            grant execute on all functions in schema documents to bench_app
            """
        );
        return new(database);
    }

    static DocumentStore Open(ProjectionLifecycle shoppers, Database database)
    {
        var options = Configure(shoppers);
        options.Connection(database.Sessions);
        return new(options);
    }

    static StoreOptions Configure(ProjectionLifecycle shoppers)
    {
        var options = new EventStoreOptions().Aggregate<Shopper, IShopperEvent>("shopper").Configure(new StoreOptions());
        options.DatabaseSchemaName = "documents";
        options.Events.DatabaseSchemaName = "public";
        options.Projections.Add<ShopperProjection>(shoppers);
        return options;
    }

    public async Task New()
    {
        await using var session = live.LightweightSession();
        session.Events.StartStream(Guid.CreateVersion7(), Order(null));
        await session.SaveChangesAsync();
    }

    /// <returns>The version that the stream has then.</returns>
    public async Task<long> Existing(Guid id, long version)
    {
        await using var session = live.LightweightSession();
        session.Events.Append(id, version + 3, Order(null));
        await session.SaveChangesAsync();
        return version + 3;
    }

    public Task Decide(Guid id) => Decide(live, id);

    public Task DecideInline(Guid id) => Decide(inline, id);

    /// <summary>Told of a conflict, an application tries again.</summary>
    public async Task DecideUntilDone(Guid id)
    {
        while (true)
            try
            {
                await Decide(live, id);
                return;
            }
            catch (ConcurrencyException)
            {
                continue;
            } // somebody else was first: decided again
    }

    public async Task Import(int streams)
    {
        await using var session = live.LightweightSession();
        for (var i = 0; i < streams; i++)
            session.Events.StartStream(Guid.CreateVersion7(), Order(null));
        await session.SaveChangesAsync();
    }

    /// <summary>Streams of one order each, with their documents where the projection is inline.</summary>
    public async Task<Guid[]> Known(int streams, bool inlineToo)
    {
        var ids = Enumerable.Range(0, streams).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var chunk in ids.Chunk(512))
        {
            await using var session = (inlineToo ? inline : live).LightweightSession();
            foreach (var id in chunk)
                session.Events.StartStream(id, Order(null));
            await session.SaveChangesAsync();
        }
        return ids;
    }

    public void Dispose()
    {
        live.Dispose();
        inline.Dispose();
    }

    static async Task Decide(DocumentStore store, Guid id)
    {
        await using var session = store.LightweightSession();
        var stream = await session.Events.FetchForWriting<ShopperDocument>(id);
        stream.AppendMany(Order(stream.Aggregate));
        await session.SaveChangesAsync();
    }

    static object[] Order(ShopperDocument? known) =>
        known is null ? Shopper.Initial.Order() : new Shopper(known.Orders, known.Spent).Order();
}

/// <summary>What a shopper is to Marten: folded for a decision, or kept as a document.</summary>
public sealed class ShopperDocument
{
    public Guid Id { get; set; }
    public int Orders { get; set; }
    public decimal Spent { get; set; }
}

public sealed class ShopperProjection : SingleStreamProjection<ShopperDocument, Guid>
{
    public override ShopperDocument Evolve(ShopperDocument? snapshot, Guid id, IEvent e)
    {
        var shopper = snapshot ?? new ShopperDocument { Id = id };
        if (e.Data is OrderPlaced)
            shopper.Orders++;
        if (e.Data is OrderPaid paid)
            shopper.Spent += paid.Amount;
        return shopper;
    }
}
