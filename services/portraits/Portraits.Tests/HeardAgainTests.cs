using CrmPlatform.Portraits.Portraits;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Portraits.Tests;

/// <summary>What was heard may be heard again, in any order.</summary>
[Collection("portraits")]
public sealed class HeardAgainTests(PortraitsFixture fixture)
{
    [Fact]
    public async Task everything_heard_again_in_another_order_makes_the_same_portraits_to_the_byte()
    {
        await using var other = await TestDatabase.Create(CrmService.TablesOfReaders + PortraitsHearing.Tables, log: false);
        await using var db = other.Open();
        var id = Guid.CreateVersion7();
        var facts = Histories.Of(id, seed: 7, count: 300).Concat(Histories.Of(Guid.CreateVersion7(), seed: 8, count: 300)).ToList();
        var states = new List<string>();
        foreach (var order in new[] { facts, [.. facts.AsEnumerable().Reverse()], [.. facts.OrderBy(f => f.EventId.GetHashCode())] })
        {
            await using (var admin = Npgsql.NpgsqlDataSource.Create(other.Admin))
            await using (var empty = admin.CreateCommand("truncate timeline, read.portrait, heard"))
                await empty.ExecuteNonQueryAsync();
            var hearing = new PortraitsHearing(db, new PortraitTable(db, fixture.Services.GetRequiredService<Business>()));
            foreach (var packet in order.Chunk(17))
                await hearing.Handle(packet, null, default);
            await using var command = db.CreateCommand(
                "select string_agg(convert_from(state, 'UTF8'), E'\n' order by customer_id) from portrait"
            );
            states.Add((string)(await command.ExecuteScalarAsync())!);
        }
        states.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task what_was_heard_is_counted_by_room()
    {
        var before = await Heard();
        var id = await fixture.Somebody();
        await fixture.Hear(HearingTests.Earned(id, 1), HearingTests.Earned(id, 2));
        var after = await Heard();
        (after["loyalty"] - before.GetValueOrDefault("loyalty"), after["customers"] - before.GetValueOrDefault("customers")).ShouldBe(
            (2, 1)
        );
    }

    async Task<Dictionary<string, long>> Heard() =>
        (await fixture.Get("/api/portraits/ops/heard"))
            .EnumerateArray()
            .ToDictionary(h => h.GetProperty("context").GetString()!, h => h.GetProperty("entries").GetInt64());
}
