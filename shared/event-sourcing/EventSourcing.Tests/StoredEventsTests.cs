using Npgsql;

namespace CrmPlatform.EventSourcing.Tests;

/// <summary>What lies in the tables: events of older versions, who may change them, and that the tables are Marten's.</summary>
public sealed class StoredEventsTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task events_stored_in_an_old_shape_are_read_in_the_new_one()
    {
        var id = Guid.CreateVersion7();
        await fixture.Scalar<int>("insert into mt_streams (id, type, version) values (@id, 'basket', 1) returning 1", new { id });
        await fixture.Scalar<int>(
            """
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('mt_events_sequence'), gen_random_uuid(), @id, 1, '{"sku": "pear"}', 'item_put', now()) returning 1
            """,
            new { id }
        );
        var store = fixture.Store(o => o.Upcast<ItemPut, ItemAdded>("item_put", e => new(e.Sku, 1)));
        (await store.FetchStream(id)).ShouldHaveSingleItem().Data.ShouldBe(new ItemAdded("pear", 1));
        (await store.Read(Basket.Of(id))).ShouldBe((new Basket(1, false), 1));
    }

    sealed record ItemPut(string Sku);

    [Fact]
    public async Task retired_events_stay_readable_and_are_handled_by_nobody()
    {
        var id = Guid.CreateVersion7();
        await fixture.Scalar<int>("insert into mt_streams (id, type, version) values (@id, 'basket', 1) returning 1", new { id });
        await fixture.Scalar<int>(
            """
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('mt_events_sequence'), gen_random_uuid(), @id, 1, '{"sku": "plum"}', 'item_weighed', now()) returning 1
            """,
            new { id }
        );
        var store = fixture.Store(o => o.Retired<ItemWeighed>());
        (await store.FetchStream(id)).ShouldHaveSingleItem().Data.ShouldBe(new ItemWeighed("plum"));
        store.Options.RegisteredEvents.ShouldNotContain(typeof(ItemWeighed));
        (await store.ReadLog(0, 10_000, store.Options.RegisteredEvents.ToHashSet(), default)).Events.ShouldNotContain(e =>
            e.StreamId == id
        );
    }

    sealed record ItemWeighed(string Sku);

    [Fact]
    public async Task the_services_role_can_neither_change_nor_delete_events()
    {
        var store = fixture.Store();
        await store.Write(Basket.Of(Guid.CreateVersion7()), b => b.Add());
        foreach (
            var forbidden in new[]
            {
                "update mt_events set data = '{}'",
                "delete from mt_events",
                "truncate mt_events",
                "delete from mt_streams",
                "drop table mt_events",
                "alter table mt_events disable trigger all",
            }
        )
            (await Should.ThrowAsync<PostgresException>(() => fixture.Scalar<int>(forbidden + " "))).SqlState.ShouldBe(
                PostgresErrorCodes.InsufficientPrivilege,
                forbidden
            );
    }

    [Fact]
    public async Task the_tables_are_those_that_marten_expects()
    {
        await fixture.Store().Marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await fixture.Scalar<string>("select indexdef from pg_indexes where indexname = 'pk_mt_events_stream_and_version'")).ShouldBe(
            "CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (stream_id, version)"
        );
    }
}
