using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

public class PublishedSegmentTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    [Fact]
    public async Task nothing_is_left_of_who_is_forgotten_but_sealed_words_without_a_key()
    {
        var id = await fixture.Known();
        await fixture.Hear("customers", SegmentWorld.Lives(id, "Beijing", Now.AddDays(-9)), SegmentWorld.Toys(id, Now.AddDays(-2), "gone"));
        await fixture.Publish("forgotten", SegmentWorld.Bought("gone", 1));
        (await fixture.Members("forgotten")).ShouldBe([id]);
        await fixture.Hear("customers", new Contracts.CustomerForgotten(id, Now));
        await fixture.Judge();
        (await fixture.Members("forgotten")).ShouldBeEmpty();
        (await fixture.Changes("forgotten", id)).ShouldBeEmpty();
        (await fixture.Editor().GetAsync($"/api/segmentation/rule-segments/forgotten/members/{id}/explain")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        var stream = await fixture.Store.FetchStream(id);
        stream.Select(e => e.Data).OfType<Segmentation.Customers.ProfileNoted>().Single().Personal.Value.ShouldBeNull();
        stream
            .Select(SegmentationFeed.Translate)
            .Select(f => f?.Contract)
            .OfType<Contracts.PersonalDataErased>()
            .Single()
            .KeysDestroyed.ShouldBe(1);

        // What is told of them later is not kept.
        await fixture.Hear("loyalty", new Contracts.TierChanged(id, null, "gold", 5, Now));
        await fixture.Judge();
        (await fixture.Store.FetchStream(id)).Count.ShouldBe(stream.Count);
    }

    [Fact]
    public async Task publishing_does_what_the_preview_said_and_pausing_nothing()
    {
        var (toy, book, both) = (await fixture.Known(), await fixture.Known(), await fixture.Known());
        await fixture.Hear(
            "customers",
            SegmentWorld.Toys(toy, Now.AddDays(-2), "change"),
            SegmentWorld.Toys(book, Now.AddDays(-2), "change-books"),
            SegmentWorld.Toys(both, Now.AddDays(-2), "change"),
            SegmentWorld.Toys(both, Now.AddDays(-1), "change-books")
        );
        await fixture.Publish("changing", new { all = new object[] { SegmentWorld.Bought("change", 1), Bucket(0, 10_000) } });
        await fixture.CatchUp();
        var before = await fixture.Members("changing");

        await fixture.Editor().Draft("changing", SegmentWorld.Bought("change-books", 1), holdout: new { share = .5, salt = "half" });
        var preview = await fixture.Editor().Do(HttpMethod.Post, "rule-segments/changing/preview");
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.Editor().Do(HttpMethod.Post, "rule-segments/changing/publish");
        await fixture.Judge();
        var after = await fixture.Members("changing");
        preview.GetProperty("entering").GetInt32().ShouldBe(after.Except(before).Count());
        preview.GetProperty("leaving").GetInt32().ShouldBe(before.Except(after).Count());
        preview.GetProperty("staying").GetInt32().ShouldBe(after.Intersect(before).Count());
        after.ShouldContain(book);
        after.ShouldNotContain(toy);
        (await fixture.Changes("changing", both)).ShouldHaveSingleItem("who stays does not leave and enter");
        foreach (var e in (await fixture.Store.FetchStream(Memberships.Of(book).Id)).Select(e => e.Data).OfType<RuleSegmentEntered>())
            e.Held.ShouldBe(new Holdout(.5m, "half").Holds(book));

        await fixture.Editor().Do(HttpMethod.Post, "rule-segments/changing/pause");
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.Hear("customers", SegmentWorld.Toys(toy, Now.AddSeconds(-5), "change-books"));
        await fixture.Judge();
        (await fixture.Members("changing")).ShouldNotContain(toy);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.Editor().Do(HttpMethod.Post, "rule-segments/changing/resume");
        var resumed = Now;
        await fixture.Judge();
        (await fixture.Members("changing")).ShouldContain(toy);
        (await fixture.Changes("changing", toy))[^1].At.ShouldBe(resumed, TimeSpan.FromSeconds(2));

        await fixture.Editor().Do(HttpMethod.Post, "rule-segments/changing/withdraw");
        await fixture.Judge();
        (await fixture.Members("changing")).ShouldBeEmpty();
    }

    static object Bucket(int from, int to) =>
        new
        {
            bucket = new
            {
                salt = "all",
                from,
                to,
            },
        };
}
