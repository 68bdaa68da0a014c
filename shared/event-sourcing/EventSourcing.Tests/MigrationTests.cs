using System.Diagnostics;
using Dapper;
using JasperFx;
using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>
/// Migration of databases of the previous version, whose log had neither Marten's foreign key nor its newer columns, while replicas of that
/// version still write to them.
/// </summary>
public sealed class MigrationTests : IAsyncLifetime
{
    static readonly Guid noted = new("0198c0de-0000-7000-8000-0000000000aa");

    readonly StoreFixture fixture = new();

    public async Task InitializeAsync()
    {
        await fixture.InitializeAsync();
        await Admin(
            $"""
            drop schema public, read, rebuild cascade;
            create schema public authorization {Role(fixture.Database.Owner)};
            grant create on database {fixture.Database.Name} to {Role(fixture.Database.Owner)}
            """
        );
        await Admin(
            $"set role {Role(fixture.Database.Owner)};"
                + VersionBefore.Tables.Replace(":app", Role(fixture.Database.App), StringComparison.Ordinal)
        );
    }

    public Task DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task a_log_of_the_previous_version_is_migrated_without_rewriting_rows()
    {
        await Fill(streams: 50, each: 10);
        // Leaves events without a row of their stream.
        await Admin("delete from mt_streams where id in (select id from mt_streams order by id limit 3)");
        var before = await Content();
        var orphan = await fixture.Scalar<Guid>(
            "select stream_id from mt_events e where not exists (select 1 from mt_streams s where s.id = e.stream_id) limit 1"
        );

        await Migrate();

        var store = fixture.Store();
        await store.Marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await Content()).ShouldBe(before, "no row was moved or changed");
        (await fixture.Scalar<bool>("select convalidated from pg_constraint where conname = 'fkey_mt_events_stream_id'")).ShouldBeTrue();
        (await store.FetchStream(orphan)).Count.ShouldBe(10);
        (await store.Write(Basket.Of(orphan), b => b.Add(b.Items))).Version.ShouldBe(11);
        (
            await Should.ThrowAsync<PostgresException>(() => fixture.Scalar<int>("update mt_events set data = '{}' returning 1"))
        ).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        await Migrate();
        await store.Marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task replicas_of_the_previous_version_read_and_write_during_a_migration()
    {
        await Fill(streams: 20_000, each: 10);
        await using var reader = await fixture.Db.OpenConnectionAsync();
        // For example a dump: it holds locks that the migration must wait for.
        await using var report = await reader.BeginTransactionAsync();
        await reader.ExecuteAsync("select 1 from mt_events limit 1; select 1 from mt_streams limit 1");
        using var over = new CancellationTokenSource();
        var (slowest, written) = (TimeSpan.Zero, 0);
        var writing = Enumerable
            .Range(0, 4)
            .Select(writer =>
                Task.Run(async () =>
                {
                    var known = Guid.CreateVersion7();
                    for (var version = 0L; !over.IsCancellationRequested; version++)
                    {
                        var start = Stopwatch.GetTimestamp();
                        await VersionBefore.Write(fixture.Db, known, noted, version);
                        var took = Stopwatch.GetElapsedTime(start);
                        lock (over)
                            (slowest, written) = (took > slowest ? took : slowest, written + 1);
                    }
                })
            )
            .ToArray();
        await Until(() => written > 50);

        var migrating = Migrate();
        var before = written;
        await Until(() => written > before + 500);
        migrating.IsCompleted.ShouldBeFalse("the migration waits for the report, and writers do not wait for the migration");
        await report.RollbackAsync();
        await Task.WhenAll(migrating, Migrate(), Migrate());
        before = written;
        await Until(() => written > before + 50);
        await over.CancelAsync();
        await Task.WhenAll(writing);

        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        var store = fixture.Store();
        await store.Marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await fixture.Scalar<long>("select count(*) from mt_events")).ShouldBe(200_000 + 3 * written);
        (
            await fixture.Scalar<long>(
                """
                select count(*) from (
                    select 1 from mt_events e join mt_streams s on s.id = e.stream_id
                    group by s.id having count(*) <> max(e.version) or max(e.version) <> max(s.version)) wrong
                """
            )
        ).ShouldBe(0);
        (await store.FetchStream(noted)).Count.ShouldBe(written);
    }

    Task Fill(int streams, int each) =>
        Admin(
            $$"""
            insert into mt_streams (id, type, version) select gen_random_uuid(), 'basket', {{each}} from generate_series(1, {{streams}});
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, headers)
                select nextval('mt_events_sequence'), gen_random_uuid(), id, v, '{"item": "苹果", "quantity": 3}', 'item_added', now(),
                    'Old.Name, Old', '{"actor": "alice"}' from mt_streams, generate_series(1, {{each}}) v
            """
        );

    /// <summary>A hash of each row's location, transaction and content.</summary>
    Task<string> Content() =>
        fixture.Scalar<string>(
            """
            select pg_relation_filenode('mt_events') || md5(string_agg(concat(
                ctid, xmin, seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, correlation_id,
                causation_id, headers, is_archived), ',' order by seq_id)) from mt_events
            """
        );

    async Task Migrate()
    {
        await using var owner = new NpgsqlConnection(fixture.Database.Owner);
        await owner.OpenAsync();
        await EventStore.Install(owner, Role(fixture.Database.App));
    }

    async Task Admin(string sql)
    {
        await using var admin = new NpgsqlConnection(fixture.Database.Admin);
        await admin.ExecuteAsync(sql, commandTimeout: 120);
    }

    static string Role(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Username!;

    static async Task Until(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++, await Task.Delay(20))
            tries.ShouldBeLessThan(2_000);
    }
}
