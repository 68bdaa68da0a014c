using System.Net.Http.Json;
using Dapper;
using JasperFx;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDesk.Tests;

/// <summary>The room's event log, used through Marten in the service.</summary>
public class MartenTests(DeskFixture room) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task the_rooms_marten_finds_its_tables_and_creates_none()
    {
        var marten = room.Services.GetRequiredService<IDocumentStore>();
        marten.ShouldBeSameAs(room.Store.Marten);
        room.Services.GetRequiredService<StoreOptions>().AutoCreateSchemaObjects.ShouldBe(AutoCreate.None);
        await marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await room.Store.FetchStream(Guid.CreateVersion7())).ShouldBeEmpty();
    }

    [Fact]
    public async Task tombstones_are_not_counted_and_do_not_block_followers()
    {
        await using (var connection = await room.Db.OpenConnectionAsync())
            await connection.ExecuteAsync(
                """
                with s as (insert into mt_streams (id, version) values (gen_random_uuid(), 0) returning id)
                insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                select nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '{}', 'tombstone', '-infinity' from s
                """
            );
        await room.Daemon.CatchUp();
        (await room.Daemon.Status()).ShouldAllBe(f => f.StuckAt == null);
        var counts = await room.Http("ops.read").GetFromJsonAsync<Dictionary<string, long>>("/api/service-desk/ops/events");
        counts!.ShouldNotContainKey("tombstone");
    }
}
