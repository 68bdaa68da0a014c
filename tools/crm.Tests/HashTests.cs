using CrmPlatform.Testing;
using Npgsql;

namespace CrmPlatform.Crm.Tests;

public sealed class HashTests : IAsyncLifetime
{
    private TestDatabase? _database;

    [Fact]
    public async Task the_order_of_rows_on_disk_does_not_matter() =>
        (await HashOf("(2, 'b'), (1, 'a')")).ShouldBe(await HashOf("(1, 'a'), (2, 'b')"));

    [Fact]
    public async Task every_value_and_every_row_matters()
    {
        var hash = await HashOf("(1, 'a'), (2, 'b')");

        (await HashOf("(1, 'a'), (2, 'B')")).ShouldNotBe(hash);
        (await HashOf("(1, 'a'), (2, null)")).ShouldNotBe(hash);
        (await HashOf("(1, 'a'), (2, 'b'), (2, 'b')")).ShouldNotBe(hash);
        (await HashOf("(1, 'a')")).ShouldNotBe(hash);
    }

    [Fact]
    public async Task the_log_is_hashed_besides_the_read_models()
    {
        await using var connection = await Filled("(1, 'a')");

        (await Hash.Of(connection, Part.Named("loyalty"), default))
            .Select(hash => (hash.Table, hash.Rows))
            .ShouldBe([("public.mt_events", 0L), ("read.thing", 1L)]);
    }

    public async Task InitializeAsync() => _database = await TestDatabase.Create();

    public async Task DisposeAsync() => await _database!.DisposeAsync();

    private async Task<string> HashOf(string rows)
    {
        await using var connection = await Filled(rows);
        return (await Hash.Of(connection, Part.Named("loyalty"), default)).Single(hash => hash.Table == "read.thing").Value;
    }

    private async Task<NpgsqlConnection> Filled(string rows)
    {
        var connection = new NpgsqlConnection(_database!.Admin);
        await connection.OpenAsync();
        await using var fill = new NpgsqlCommand(
            $"drop table if exists read.thing; create table read.thing (id int, name text); insert into read.thing values {rows}",
            connection
        );
        await fill.ExecuteNonQueryAsync();
        return connection;
    }
}
