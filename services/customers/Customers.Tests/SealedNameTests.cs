using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Testing;
using Npgsql;

namespace CrmPlatform.Customers.Tests;

/// <summary>Names are found without being stored in clear. A room of its own: its tables are looked at and changed.</summary>
public sealed class SealedNameTests(CustomersFixture fixture) : IClassFixture<CustomersFixture>
{
    async Task<(List<Guid> Ids, string? Next)> Page(string name, string? after = null, int limit = 200)
    {
        var answer = await fixture
            .All()
            .PostAsJsonAsync(
                "/api/customers/search",
                new
                {
                    name,
                    limit,
                    after,
                }
            );
        var page = await CustomersFixture.Json(answer);
        return (
            [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid())],
            page.GetProperty("next").GetString()
        );
    }

    async Task<List<Guid>> Found(string name) => (await Page(name)).Ids;

    [Theory]
    [InlineData("端木赐甲", "木", "端木", "木赐", "赐甲", "端木赐甲", "　端木赐 ")]
    [InlineData("Ａｎｎ　Ｌｅｅ Quux甲", "ann lee quux", "ANN", "N L", "lee  quux", "quux甲")]
    [InlineData("Zoe\u0301 100%_甲", "zoé 1", "%_", "ZOÉ", "0%_甲")]
    [InlineData("𠮷野家甲", "𠮷", "𠮷野", "野家甲")]
    public async Task a_name_is_found_by_any_part_of_it(string name, params string[] parts)
    {
        var id = (await fixture.Somebody(name)).Id;
        foreach (var part in parts)
            (await Found(part)).ShouldContain(id, part);
        foreach (var none in new[] { "木端", "赐木", "neel", "zoe", "甲乙", "家野" })
            (await Found(none)).ShouldNotContain(id, none);
    }

    [Fact]
    public async Task a_name_with_all_pairs_of_a_text_in_another_order_is_not_found()
    {
        var id = (await fixture.Somebody("乙丙丁甲乙")).Id;
        (await Found("甲乙丙")).ShouldNotContain(id);
        (await Found("丁甲乙")).ShouldContain(id);
    }

    [Fact]
    public async Task a_search_pages_through_exactly_those_whose_names_hold_the_text()
    {
        var (expected, random) = (new List<Guid>(), new Random(7));
        for (var i = 0; i < 60; i++)
        {
            // Candidates that are none (子丑寅丑子) lie between those that are found.
            var name = random.Next(3) == 0 ? "子丑寅丑子" : "子丑子寅";
            var id = (await fixture.Somebody(name)).Id;
            if (name.Contains("丑子寅", StringComparison.Ordinal))
                expected.Add(id);
        }
        var (seen, after) = (new List<Guid>(), (string?)null);
        do
        {
            var page = await Page("丑子寅", after, limit: 4);
            page.Ids.Count.ShouldBe(page.Next is null ? page.Ids.Count : 4);
            seen.AddRange(page.Ids);
            after = page.Next;
        } while (after is not null);
        seen.ShouldBe(expected.OrderBy(id => id.ToString(), StringComparer.Ordinal));
    }

    [Fact]
    public async Task a_renamed_customer_is_found_by_the_new_name_only_and_a_nameless_one_by_none()
    {
        var id = (await fixture.Somebody("司寇旧名")).Id;
        await Revise(new { name = "司寇新名" });
        (await Found("旧名")).ShouldNotContain(id);
        (await Found("新名")).ShouldContain(id);
        await Revise(new { });
        (await Found("新名")).ShouldNotContain(id);
        (await Rows(id)).ShouldBe(0);

        async Task Revise(object profile) =>
            await CustomersFixture.Json(await fixture.All().PutAsJsonAsync($"/api/customers/{id}/profile", new { profile }));
    }

    [Fact]
    public async Task the_database_holds_no_name_and_nothing_is_left_of_who_was_forgotten()
    {
        var person = await fixture.Somebody("澹台灭明氏");
        var dump = await fixture.Database.Dump();
        foreach (var part in new[] { "澹台灭明氏", "澹台", "灭明" })
            dump.ShouldNotContain(part);
        (await Rows(person.Id)).ShouldBe(1);
        await fixture.All().PostAsJsonAsync($"/api/customers/{person.Id}/forget", new { });
        (await Rows(person.Id)).ShouldBe(0, "in the transaction of the command");
        (await Found("灭明")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_rebuild_finds_the_same_and_nobody_who_was_forgotten()
    {
        var (stays, goes) = (await fixture.Somebody("百里重建甲"), await fixture.Somebody("百里重建乙"));
        await fixture.All().PostAsJsonAsync($"/api/customers/{goes.Id}/forget", new { });
        var before = await Contents();
        (await fixture.All().PostAsync("/api/customers/ops/rebuild/directory-names", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Contents()).ShouldBe(before);
        (await Found("百里重建")).ShouldBe([stays.Id]);
    }

    [Fact]
    public async Task a_database_of_an_earlier_version_loses_its_clear_names_and_still_finds_them()
    {
        var id = (await fixture.Somebody("呼延升级甲")).Id;
        await Execute(
            "drop table read.directory_names",
            "delete from mt_event_progression where name = 'directory-names'",
            "alter table read.directory add column name text, add column folded text",
            "update read.directory set name = '呼延升级甲', folded = '呼延升级甲'"
        );
        await fixture.Restart();
        (await Found("升级甲")).ShouldBe([id]);
        (await fixture.Database.Dump()).ShouldNotContain("呼延升级甲");
    }

    [Fact]
    public async Task white_space_alone_is_no_part_of_a_name()
    {
        var answer = await fixture.All().PostAsJsonAsync("/api/customers/search", new { name = " \u3000" });
        (await CustomersFixture.Json(answer, HttpStatusCode.BadRequest)).GetProperty("field").GetString().ShouldBe("name");
    }

    async Task<long> Rows(Guid id)
    {
        await using var command = fixture.Db.CreateCommand("select count(*) from directory_names where customer_id = $1");
        command.Parameters.Add(new() { Value = id });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    async Task<string> Contents()
    {
        await using var command = fixture.Db.CreateCommand(
            "select string_agg(t::text, E'\\n' order by customer_id) from directory_names t"
        );
        return (string)(await command.ExecuteScalarAsync())!;
    }

    async Task Execute(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(fixture.Database.Admin);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
