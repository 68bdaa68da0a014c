using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.RuleSegments;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.RuleSegments;

/// <summary>Faults that were found by trying.</summary>
public class TriedFaultsTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    [Fact]
    public async Task two_publications_at_once_make_no_cycle()
    {
        for (var i = 0; i < 5; i++)
        {
            var (one, other) = ($"one-{i}", $"other-{i}");
            await fixture.Publish(one, SegmentWorld.Bought("cycle", 1));
            await fixture.Publish(other, SegmentWorld.Bought("cycle", 1));
            await fixture.Editor().Draft(one, new { segment = other });
            await fixture.Editor().Draft(other, new { segment = one });
            var answers = await Task.WhenAll(Publish(one), Publish(other));
            answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            answers.Count(a => a.StatusCode == HttpStatusCode.UnprocessableEntity).ShouldBe(1);
        }

        Task<HttpResponseMessage> Publish(string code) =>
            fixture.Editor().PostAsJsonAsync($"/api/segmentation/rule-segments/{code}/publish", new { });
    }

    [Fact]
    public async Task a_rule_of_any_depth_is_refused_and_never_an_error()
    {
        foreach (var depth in new[] { 9, 29, 31, 45, 59 })
        {
            object rule = new { consent = new { purpose = "marketing" } };
            for (var i = 0; i < depth; i++)
                rule = new { not = rule };
            var answer = await fixture
                .Editor()
                .PostAsJsonAsync("/api/segmentation/rule-segments/evaluate", new { customer = Guid.CreateVersion7(), rule }, Deep);
            ((int)answer.StatusCode).ShouldBeInRange(400, 422);
        }
    }

    static JsonSerializerOptions Deep { get; } = new(JsonSerializerDefaults.Web) { MaxDepth = 200 };

    [Fact]
    public async Task during_an_import_what_is_told_counts_and_time_alone_does_not()
    {
        var (open, quiet, merged) = (await fixture.Known(), await fixture.Known(), await fixture.Known());
        await fixture.Publish("import-bought", SegmentWorld.Bought("import", 1), "marketing");
        await fixture.Publish("import-quiet", new { silence = new { since = "purchase", atLeastDays = 30 } });
        fixture.Clock.Advance(TimeSpan.FromHours(2));
        await fixture.Hear(
            "customers",
            Consent(open, true),
            Consent(merged, true),
            SegmentWorld.Toys(open, Now.AddHours(-1.5), "import"),
            SegmentWorld.Toys(merged, Now.AddHours(-1.5), "import"),
            SegmentWorld.Toys(quiet, Now.AddDays(-30).AddHours(-1), "import")
        );
        await fixture.Judge();
        (await fixture.Members("import-bought")).ShouldBe([open, merged], ignoreOrder: true);
        (await fixture.Members("import-quiet")).ShouldNotContain(quiet, "the import may tell of the next purchase");

        await fixture.Hear("customers", Consent(open, false));
        await fixture.Hear("customers", [.. GroupWorld.Linked(Now, open, merged)]);
        await fixture.Judge();
        (await fixture.Members("import-bought")).ShouldBeEmpty("a withdrawal and a merge wait for no import");

        fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        await fixture.Judge();
        (await fixture.Members("import-quiet")).ShouldContain(quiet);

        Contracts.ConsentChanged Consent(Guid of, bool granted) => new(of, "marketing", "email", granted, "n1", Now);
    }

    [Fact]
    public async Task a_paused_segment_for_marketing_lets_go_of_who_withdraws()
    {
        var id = await fixture.Known();
        await fixture.Hear("customers", new Contracts.ConsentChanged(id, "marketing", "sms", true, "n1", Now.AddDays(-3)));
        await fixture.Hear("customers", SegmentWorld.Toys(id, Now.AddDays(-2), "paused"));
        await fixture.Publish("paused", SegmentWorld.Bought("paused", 1), "marketing");
        (await fixture.Members("paused")).ShouldBe([id]);
        await fixture.Editor().Do(HttpMethod.Post, "rule-segments/paused/pause");
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.Hear("customers", new Contracts.ConsentChanged(id, "marketing", "sms", false, "n1", Now.AddSeconds(-1)));
        await fixture.Judge();
        (await fixture.Members("paused")).ShouldBeEmpty();
        var why = await fixture.Editor().GetFromJsonAsync<JsonElement>($"/api/segmentation/rule-segments/paused/members/{id}/explain");
        why.GetProperty("decided").GetString().ShouldBe("paused");
        why.GetProperty("member").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task a_pin_of_one_who_is_merged_is_that_of_the_group()
    {
        var (one, other) = (await fixture.Known(), await fixture.Known());
        await fixture.Publish("group-pins", SegmentWorld.Bought("group-pins", 1));
        await Pin(false, other);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await fixture.Hear("customers", [.. GroupWorld.Linked(Now, one, other)]);
        await fixture.Judge();
        await Pin(true, one);
        await fixture.Judge();
        (await fixture.Members("group-pins")).ShouldBe([one]);
        await Pin(false, other);
        await fixture.Judge();
        (await fixture.Members("group-pins")).ShouldBeEmpty();
        var left = (await fixture.Store.FetchStream(Memberships.Of(one).Id)).Select(e => e.Data).OfType<RuleSegmentLeft>().Last();
        (left.Cause, left.Reason).ShouldBe(("pinned", "pinned-out"));

        async Task Pin(bool @in, Guid customer)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            await fixture
                .Editor()
                .Do(
                    HttpMethod.Post,
                    "rule-segments/group-pins/pins",
                    new
                    {
                        customers = new[] { customer },
                        @in,
                        reason = "vip-list",
                    }
                );
        }
    }
}
