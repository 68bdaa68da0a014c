using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

public class MembershipTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    [Fact]
    public async Task a_segment_that_asks_about_another_follows_in_the_same_transaction()
    {
        var id = await fixture.Known();
        await fixture.Publish("inner", SegmentWorld.Bought("nested", 1));
        await fixture.Publish(
            "outer",
            new { all = new object[] { new { segment = "inner" }, new { score = new { of = "stage", @in = new[] { "New" } } } } }
        );
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.Hear("customers", SegmentWorld.Toys(id, Now.AddSeconds(-5), "nested"));
        await fixture.Judge();
        var changes = await fixture.Store.FetchStream(Memberships.Of(id).Id);
        changes.Select(e => ((IMembershipEvent)e.Data).Code).ShouldBe(["inner", "outer"]);
        changes.Select(e => e.RecordedAt).Distinct().Count().ShouldBe(1);
        changes.Select(e => ((IMembershipEvent)e.Data).OccurredAt).Distinct().Count().ShouldBe(1);

        await fixture.Editor().Draft("inner", new { any = new object[] { SegmentWorld.Bought("nested", 1), new { segment = "outer" } } });
        var refused = await fixture.Editor().PostAsJsonAsync("/api/segmentation/rule-segments/inner/publish", new { });
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("inner → outer → inner");
        var needed = await fixture.Editor().PostAsJsonAsync("/api/segmentation/rule-segments/inner/withdraw", new { });
        (await needed.Content.ReadAsStringAsync()).ShouldContain("segment-needed");
    }

    [Fact]
    public async Task a_rule_never_removes_a_pin_and_decides_again_when_it_ends()
    {
        var (pinned, out_) = (await fixture.Known(), await fixture.Known());
        await fixture.Hear("customers", SegmentWorld.Toys(out_, Now.AddDays(-2), "pins"));
        await fixture.Publish("pinned", SegmentWorld.Bought("pins", 1));
        (await fixture.Members("pinned")).ShouldBe([out_]);
        var until = Now.AddDays(5);
        await Pin(true, until, pinned);
        await Pin(false, null, out_);
        await fixture.Judge();
        (await fixture.Members("pinned")).ShouldBe([pinned]);

        // A fact on either side changes nothing.
        await fixture.Hear(
            "customers",
            SegmentWorld.Toys(out_, Now.AddMinutes(-1), "pins"),
            SegmentWorld.Toys(pinned, Now.AddMinutes(-1), "pins-books")
        );
        await fixture.Judge();
        (await fixture.Members("pinned")).ShouldBe([pinned]);

        fixture.Clock.Advance(TimeSpan.FromDays(30));
        await fixture.Judge();
        (await fixture.Members("pinned")).ShouldBeEmpty();
        var changes = await fixture.Changes("pinned", pinned);
        changes.Select(c => (c.In, c.Cause)).ShouldBe([(true, "pinned"), (false, "pinned")]);
        changes[1].At.ShouldBe(until, TimeSpan.FromMilliseconds(1));
        await Pin(null, null, out_);
        await fixture.Judge();
        (await fixture.Members("pinned")).ShouldBe([out_]);

        var unknown = await fixture
            .Editor()
            .PostAsJsonAsync(
                "/api/segmentation/rule-segments/pinned/pins",
                new
                {
                    customers = new[] { pinned, Guid.CreateVersion7() },
                    @in = true,
                    reason = "vip-list",
                }
            );
        (await unknown.Content.ReadAsStringAsync()).ShouldContain("customers[1]");
        await fixture.Judge();
        (await fixture.Members("pinned")).ShouldBe([out_], "all or none");

        Task Pin(bool? @in, DateTimeOffset? end, params Guid[] customers) =>
            fixture
                .Editor()
                .Do(
                    HttpMethod.Post,
                    "rule-segments/pinned/pins",
                    new
                    {
                        customers,
                        @in,
                        reason = "vip-list",
                        until = end,
                    }
                );
    }

    [Fact]
    public async Task marketing_is_for_those_who_agreed_and_ends_when_they_do_not()
    {
        var (yes, no) = (await fixture.Known(), await fixture.Known());
        await fixture.Hear(
            "customers",
            SegmentWorld.Toys(yes, Now.AddDays(-2), "mail"),
            SegmentWorld.Toys(no, Now.AddDays(-2), "mail"),
            Consent(true)
        );
        await fixture.Publish("mailing", SegmentWorld.Bought("mail", 1), "marketing");
        (await fixture.Members("mailing")).ShouldBe([yes]);
        await fixture
            .Editor()
            .Do(
                HttpMethod.Post,
                "rule-segments/mailing/pins",
                new
                {
                    customers = new[] { no },
                    @in = true,
                    reason = "vip-list",
                }
            );
        await fixture.Judge();
        (await fixture.Members("mailing")).ShouldBe([yes], "a pin is no consent");

        fixture.Clock.Advance(TimeSpan.FromHours(1));
        await fixture.Hear("customers", Consent(false));
        await fixture.Judge();
        (await fixture.Members("mailing")).ShouldBeEmpty();
        var left = (await fixture.Store.FetchStream(Memberships.Of(yes).Id)).Select(e => e.Data).OfType<RuleSegmentLeft>().Single();
        (left.Cause, left.Reason).ShouldBe(("facts", "no-consent"));

        Contracts.ConsentChanged Consent(bool granted) => new(yes, "marketing", "email", granted, "n1", granted ? Now.AddDays(-1) : Now);
    }

    [Fact]
    public async Task customers_who_are_one_are_a_member_together_and_apart_by_their_own()
    {
        var (one, other) = (await fixture.Known(), await fixture.Known());
        await fixture.Hear(
            "customers",
            SegmentWorld.Toys(one, Now.AddDays(-9), "groups"),
            SegmentWorld.Toys(other, Now.AddDays(-3), "groups")
        );
        await fixture.Publish("twice", SegmentWorld.Bought("groups", 2));
        (await fixture.Members("twice")).ShouldBeEmpty();

        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.Hear("customers", [.. GroupWorld.Linked(Now, one, other)]);
        await fixture.Judge();
        (await fixture.Members("twice")).ShouldBe([one]);
        (await fixture.Changes("twice", one)).Single().Cause.ShouldBe("group");
        var why = await fixture.Editor().GetFromJsonAsync<JsonElement>($"/api/segmentation/rule-segments/twice/members/{other}/explain");
        why.GetProperty("customerId").GetGuid().ShouldBe(one);
        why.GetProperty("member").GetBoolean().ShouldBeTrue();
        (await fixture.Editor().GetFromJsonAsync<JsonElement>($"/api/segmentation/customers/{other}/rule-segments"))
            .GetArrayLength()
            .ShouldBe(1);

        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.Hear("customers", [.. GroupWorld.Parted(Now, one, other)]);
        await fixture.Judge();
        (await fixture.Members("twice")).ShouldBeEmpty();
        await fixture.Hear("customers", SegmentWorld.Toys(other, Now.AddSeconds(-1), "groups"));
        await fixture.Judge();
        (await fixture.Members("twice")).ShouldBe([other]);
    }
}
