using System.Net;
using System.Net.Http.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>Tags of customers who are one.</summary>
[Collection("customers")]
public sealed class GroupTagTests(CustomersFixture room)
{
    readonly HttpClient http = room.All();

    [Fact]
    public async Task a_person_takes_a_tag_from_every_member_who_has_it()
    {
        var people = new[] { (await room.Somebody()).Id, (await room.Somebody()).Id, (await room.Somebody()).Id };
        await http.Merged(people[0], people[1]);
        var merge = await http.Merged(people[1], people[2]);
        await Tag(people[1], "of-group", "import");
        await Tag(people[2], "of-group", "manual");
        await Tag(people[2], "stays", "manual");
        (await Untag(people[0], "of-group")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var id in people)
            (await Tags(id)).ShouldBe(["stays"]);
        // Those who had it: a rule does not put it back.
        await Tag(people[1], "of-group", "rule");
        (await Tags(people[0])).ShouldBe(["stays"]);
        (await Untag(people[0], "of-group")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await http.Unmerge(merge);
        (await Tags(people[0])).ShouldBeEmpty();
        (await Tags(people[2])).ShouldBe(["stays"]);
    }

    [Fact]
    public async Task an_import_takes_only_from_the_member_that_it_names_and_the_forgotten_have_none()
    {
        var people = new[] { (await room.Somebody()).Id, (await room.Somebody()).Id };
        await http.Merged(people[0], people[1]);
        await Tag(people[0], "of-import", "import");
        await Tag(people[1], "of-import", "import");
        (await Untag(people[0], "of-import", "import")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Tags(people[0])).ShouldBe(["of-import"], "the other has it");
        await CustomersFixture.Json(
            await http.PostAsJsonAsync($"/api/customers/{people[0]}/forget", new { reason = "request", group = false })
        );
        (await Untag(people[0], "of-import")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Untag(people[1], "of-import")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Tags(people[1])).ShouldBeEmpty();
    }

    async Task Tag(Guid id, string tag, string origin) =>
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/{id}/tags", new { tag, origin }));

    Task<HttpResponseMessage> Untag(Guid id, string tag, string origin = "manual") =>
        http.DeleteAsync($"/api/customers/{id}/tags?tag={tag}&origin={origin}");

    async Task<string?[]> Tags(Guid id) =>
        [.. (await http.Customer(id)).GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("tag").GetString())];
}
