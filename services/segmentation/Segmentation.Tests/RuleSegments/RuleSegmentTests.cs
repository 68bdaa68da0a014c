using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.RuleSegments;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

public class RuleSegmentTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    static readonly Guid mei = Guid.CreateVersion7(),
        lin = Guid.CreateVersion7();

    [Fact]
    public async Task a_segment_is_previewed_published_explained_and_left_by_time_alone()
    {
        var now = fixture.Clock.GetUtcNow();
        await fixture.Hear(
            "customers",
            new Contracts.CustomerRegistered(mei, "individual", null, now.AddDays(-200)),
            new Contracts.CustomerRegistered(lin, "individual", null, now.AddDays(-200)),
            SegmentWorld.Lives(mei, "Beijing", now.AddDays(-200)),
            SegmentWorld.Lives(lin, "Beijing", now.AddDays(-200)),
            SegmentWorld.Toys(mei, now.AddDays(-60)),
            SegmentWorld.Toys(mei, now.AddDays(-10)),
            SegmentWorld.Toys(lin, now.AddDays(-30)),
            SegmentWorld.Toys(lin, now.AddDays(-20), "books")
        );
        await fixture.Hear("loyalty", new Contracts.TierChanged(mei, null, "silver", 10, now.AddDays(-100)));
        await fixture.CatchUp();

        var editor = fixture.Editor();
        await editor.Draft("beijing-toys", SegmentWorld.BeijingToys);
        var preview = await editor.Do(HttpMethod.Post, "rule-segments/beijing-toys/preview");
        preview.GetProperty("entering").GetInt32().ShouldBe(1);
        preview.GetProperty("enter")[0].GetGuid().ShouldBe(mei);
        preview.GetProperty("byStage").GetProperty("Repeat").GetInt32().ShouldBe(1);
        (await fixture.Members("beijing-toys")).ShouldBeEmpty("a preview writes nothing");

        await editor.Do(HttpMethod.Post, "rule-segments/beijing-toys/publish");
        await fixture.Judge();
        (await fixture.Members("beijing-toys")).ShouldBe([mei]);
        (await fixture.Changes("beijing-toys", mei)).ShouldHaveSingleItem().Cause.ShouldBe("definition");

        var why = await Explain(mei);
        why.GetProperty("member").GetBoolean().ShouldBeTrue();
        why.GetProperty("validUntil").GetDateTimeOffset().ShouldBe(now.AddDays(-60 + 90), TimeSpan.FromMilliseconds(1));
        var bought = Leaf(why, "purchases");
        bought.GetProperty("measured").GetDecimal().ShouldBe(2);
        bought.GetProperty("evidence").GetArrayLength().ShouldBe(2);
        bought.GetProperty("text").GetProperty("zh").GetString().ShouldBe("90 天内 toys 的订单数至少 2：实际 2，是");
        bought.GetProperty("text").GetProperty("en").GetString().ShouldBe("orders of toys at least 2 within 90 days: it is 2, yes");

        var not = await Explain(lin);
        not.GetProperty("member").GetBoolean().ShouldBeFalse();
        Leaf(not, "purchases").GetProperty("missing").GetDecimal().ShouldBe(1);
        Leaf(not, "purchases").GetProperty("before").GetDateTimeOffset().ShouldBe(now.AddDays(-30 + 90), TimeSpan.FromMilliseconds(1));

        // An open complaint puts her out, its solution in again.
        var ticket = Guid.CreateVersion7();
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        var opened = fixture.Clock.GetUtcNow();
        await fixture.Hear(
            "service-desk",
            new Contracts.TicketOpened(mei, ticket, "complaint", "billing", "high", "email", opened, opened, opened)
        );
        await fixture.Judge();
        (await fixture.Members("beijing-toys")).ShouldBeEmpty();
        fixture.Clock.Advance(TimeSpan.FromHours(1));
        await fixture.Hear("service-desk", new Contracts.TicketResolved(mei, ticket, "refunded", "price", 5, opened.AddHours(1)));
        await fixture.Judge();
        (await fixture.Members("beijing-toys")).ShouldBe([mei]);

        // Time alone: the first purchase leaves the window, however late the clock comes by.
        fixture.Clock.Advance(TimeSpan.FromDays(100));
        await fixture.Judge();
        (await fixture.Members("beijing-toys")).ShouldBeEmpty();
        var changes = await fixture.Changes("beijing-toys", mei);
        changes.Select(c => (c.In, c.Cause)).ShouldBe([(true, "definition"), (false, "facts"), (true, "facts"), (false, "time")]);
        changes[^1].At.ShouldBe(now.AddDays(-60 + 90), TimeSpan.FromMilliseconds(1));
        (await fixture.Members("beijing-toys", $"{opened.AddHours(2):O}")).ShouldBe([mei]);
        (await fixture.Members("beijing-toys", $"{opened.AddMinutes(2):O}")).ShouldBeEmpty();

        (await fixture.RunDue<JudgeSegments>()).ShouldBe(0);
        var told = (await fixture.Store.FetchStream(Memberships.Of(mei).Id)).Select(SegmentationFeed.Translate).Select(f => f!.Contract);
        told.OfType<Contracts.SegmentEntered>().Count().ShouldBe(2);
        told.OfType<Contracts.SegmentLeft>()
            .Last()
            .ShouldBe(new Contracts.SegmentLeft(mei, "beijing-toys", 1, "purchases=1", changes[^1].At, "time"));
    }

    async Task<JsonElement> Explain(Guid customer) =>
        await fixture.Editor().GetFromJsonAsync<JsonElement>($"/api/segmentation/rule-segments/beijing-toys/members/{customer}/explain");

    static JsonElement Leaf(JsonElement explanation, string op) =>
        explanation.GetProperty("rule").GetProperty("of").EnumerateArray().Single(l => l.GetProperty("op").GetString() == op);
}
