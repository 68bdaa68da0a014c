using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Several replicas start at the same time: on an empty database, on a log of an earlier version, and with a changed projection. Each test
/// has its own database.
/// </summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    /// <summary>The log as the first versions created it.</summary>
    const string Old = """
        create table mt_streams (id uuid primary key, type varchar, version bigint,
            timestamp timestamptz not null default now(), created timestamptz not null default now(),
            tenant_id varchar default '*DEFAULT*', is_archived bool default false) with (fillfactor = 80);
        create table mt_events (seq_id bigint primary key, id uuid not null, stream_id uuid references mt_streams on delete cascade,
            version bigint not null, data jsonb not null, bdata bytea, type varchar(500) not null, timestamp timestamptz not null,
            tenant_id varchar default '*DEFAULT*', mt_dotnet_type varchar,
            correlation_id varchar, causation_id varchar, headers jsonb, is_archived bool default false);
        create unique index pk_mt_events_stream_and_version on mt_events (stream_id, version);
        create sequence mt_events_sequence cache 1;
        alter sequence mt_events_sequence owned by mt_events.seq_id;
        create table mt_event_progression (name varchar primary key, last_seq_id bigint,
            last_updated timestamptz default transaction_timestamp());
        create table inbox (message_id uuid primary key, received_at timestamptz not null default now());
        insert into mt_streams (id, type, version) values ('0198c0de-0000-7000-8000-000000000001', 'basket', 1);
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
            values (nextval('mt_events_sequence'), gen_random_uuid(), '0198c0de-0000-7000-8000-000000000001', 1,
                '{"item": "苹果", "quantity": 3}', 'item_added', now(), 'Old.Name, Old');
        """;

    readonly StoreFixture fixture = new();
    readonly Guid[] baskets = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7())];

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [Theory, InlineData(""), InlineData(Old)]
    public async Task replicas_that_start_together_create_tables_and_projections_once(string found)
    {
        await Database(
            $"""
            drop schema public, read, rebuild cascade;
            create schema public authorization {Role(fixture.Database.Owner)};
            grant create on database {fixture.Database.Name} to {Role(fixture.Database.Owner)}
            """
        );
        if (found.Length > 0)
            await Database($"set role {Role(fixture.Database.Owner)}; {found}");
        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        await using var owner = new NpgsqlConnection(fixture.Database.Owner);
                        await owner.OpenAsync();
                        await EventStore.Install(owner, Role(fixture.Database.App));
                    })
                )
        );
        // Migrations run one after the other. The lock on the log makes all replicas begin to prepare their projections at the same moment:
        // each reads the log first.
        var stores = Enumerable.Range(0, 6).Select(_ => Version(1)).ToArray();
        await using var gate = new NpgsqlConnection(fixture.Database.Owner);
        await gate.OpenAsync();
        await using var closed = await gate.BeginTransactionAsync();
        await using (var close = new NpgsqlCommand("lock table mt_events in access exclusive mode", gate))
            await close.ExecuteNonQueryAsync();
        var starting = Task.WhenAll(
            stores.Select(store =>
                Task.Run(async () =>
                {
                    using var daemon = new ProjectionDaemon(fixture.Db, store, TimeProvider.System, NullLogger<ProjectionDaemon>.Instance);
                    await daemon.Prepare();
                    foreach (var id in baskets)
                        await store.Write(Basket.Of(id), b => b.Add());
                })
            )
        );
        while (
            !starting.IsCompleted
            && await fixture.Scalar<long>(
                """
                select count(*) from pg_locks
                where not granted and database = (select oid from pg_database where datname = current_database())
                """
            ) < stores.Length
        )
            await Task.Delay(5);
        await closed.RollbackAsync();
        await starting;

        await Equal("counts_1", "inline_1");
        (await fixture.Scalar<long>("select count(*) from mt_events")).ShouldBe(6 * baskets.Length + (found.Length > 0 ? 1 : 0));
        var reading = Version(1);
        await reading.Marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        if (found.Length > 0)
            (await reading.Read(Basket.Of(new("0198c0de-0000-7000-8000-000000000001")))).ShouldBe((new Basket(3, false), 1));
    }

    [Fact]
    public async Task in_a_rolling_upgrade_old_and_new_replicas_serve_their_own_projections()
    {
        EventStore old = Version(1),
            oldToo = Version(1);
        await using var first = await fixture.Run(old);
        await using var second = await fixture.Run(oldToo);
        using var over = new CancellationTokenSource();
        var writing = Task.WhenAll(
            new[] { old, oldToo }.Select(store =>
                Task.Run(async () =>
                {
                    for (var i = 0; !over.IsCancellationRequested; i++)
                        await store.Write(Basket.Of(baskets[i % 5]), b => b.Add());
                })
            )
        );
        await Until(async () => await fixture.Scalar<long>("select count(*) from mt_events") > 100);

        // A new replica is ready only when its projections are built completely.
        var @new = Version(2);
        await using var third = await fixture.Run(@new);
        (
            await fixture.Scalar<long>("select least((select sum(events) from counts_2), (select sum(events) from inline_2))::bigint")
        ).ShouldBeGreaterThanOrEqualTo(100);
        for (var i = 0; i < 50; i++)
            await @new.Write(Basket.Of(baskets[i % 5]), b => b.Add());
        await over.CancelAsync();
        await writing;

        await first.CatchUp();
        await third.CatchUp();
        await Equal("counts_1", "counts_2");
        await first.DisposeAsync();
        await second.DisposeAsync(); // then, as the upgrade notes say, inline projections are rebuilt
        await third.Daemon.Rebuild("inline-2");
        await @new.Write(Basket.Of(baskets[0]), b => b.Add());
        await third.CatchUp();
        await Equal("counts_2", "inline_2");
    }

    EventStore Version(int version) =>
        fixture.Store(o =>
            o.Async(new BasketCounts($"counts-{version}", $"counts_{version}"))
                .Inline(new BasketCounts($"inline-{version}", $"inline_{version}"))
        );

    /// <summary>Compares the tables with the log.</summary>
    async Task Equal(params string[] tables)
    {
        await using var running = await fixture.Run(Version(tables[0][^1] - '0'));
        await running.CatchUp();
        foreach (var table in tables)
            (
                await fixture.Scalar<long>(
                    $"""
                    select count(*) from {table} c
                    full join (select stream_id, count(*) as n from mt_events where type = 'item_added' group by 1) e on e.stream_id = c.id
                    where c.events is distinct from e.n
                    """
                )
            ).ShouldBe(0, table);
    }

    async Task Database(string sql)
    {
        await using var admin = new NpgsqlConnection(fixture.Database.Admin);
        await admin.ExecuteAsync(sql);
    }

    static string Role(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Username!;

    static async Task Until(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++, await Task.Delay(20))
            tries.ShouldBeLessThan(1_000);
    }
}
