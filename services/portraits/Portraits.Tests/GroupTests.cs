using System.Text.Json;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Portraits.Tests;

/// <summary>Customers who are one person have one portrait and one timeline, under the id of each.</summary>
[Collection("portraits")]
public sealed class GroupTests(PortraitsFixture fixture)
{
    static DateTimeOffset At(string text) => PortraitsFixture.At(text);

    /// <summary>Two who are alone: the first bought for 20, the second for 30, and is of the better tier.</summary>
    async Task<(Guid One, Guid Two)> Pair()
    {
        var (one, two) = (await fixture.Somebody("2026-02-01T08:00:00Z"), await fixture.Somebody("2026-01-01T08:00:00Z"));
        await fixture.Hear("customers", PortraitsFixture.Purchase(one, 20, "2026-03-01T15:00:00Z"));
        await fixture.Hear("customers", PortraitsFixture.Purchase(two, 30, "2026-02-01T15:00:00Z", "DELI"));
        await fixture.Hear("loyalty", new Contracts.TierChanged(two, null, "Gold", 900, At("2026-02-01T15:00:00Z")));
        await fixture.Hear("loyalty", new Contracts.TierChanged(one, null, "Bronze", 0, At("2026-03-01T15:00:00Z")));
        await fixture.Hear("segmentation", new Contracts.LifecycleStageChanged(one, "New", "Repeat", "merged", At("2026-03-02T15:00:00Z")));
        await fixture.Hear(
            "segmentation",
            new Contracts.LifecycleStageChanged(two, "New", "Prospect", "merged", At("2026-03-02T15:00:00Z"))
        );
        return (one, two);
    }

    static long events;

    /// <summary>Event ids ascend in the order in which customers records.</summary>
    static Fact Told(object contract) =>
        PortraitsFixture.AsFact("customers", contract) with
        {
            EventId = Guid.CreateVersion7(At("2026-06-01T00:00:00Z").AddMilliseconds(Interlocked.Increment(ref events))),
        };

    /// <summary>Customers tells each member of the group, the survivor first.</summary>
    internal static IReadOnlyList<Fact> Linked(DateTimeOffset at, params Guid[] members)
    {
        var link = Guid.CreateVersion7();
        return [.. members.Select(m => Told(new Contracts.CustomersMerged(m, members[0], members, link, at)))];
    }

    internal static IReadOnlyList<Fact> Parted(DateTimeOffset at, params Guid[] members)
    {
        var link = Guid.CreateVersion7();
        return [.. members.Select(m => Told(new Contracts.CustomersUnmerged(m, m, [m], link, at)))];
    }

    [Fact]
    public async Task each_member_answers_for_the_group_from_the_next_read_on()
    {
        var (one, two) = await Pair();
        await fixture.Hear([.. Linked(fixture.Clock.GetUtcNow(), one, two)]);
        foreach (var id in new[] { one, two })
        {
            var seen = await fixture.Portrait(id);
            seen.GetProperty("customerId").GetGuid().ShouldBe(id);
            seen.GetProperty("group").GetProperty("survivorId").GetGuid().ShouldBe(one);
            seen.GetProperty("group").GetProperty("members").EnumerateArray().Select(m => m.GetGuid()).ShouldBe([one, two]);
            Net(seen).ShouldBe(50);
            seen.GetProperty("basics").GetProperty("registeredAt").GetDateTimeOffset().ShouldBe(At("2026-01-01T08:00:00Z"));
            Text(seen, "value", "lifecycle").ShouldBe("Repeat", "segmentation judges the group under its survivor");
            Text(seen, "loyalty", "tier").ShouldBe("Gold", "the better one");
            Net(await fixture.Portrait(id, "?asOf=2026-02-15")).ShouldBe(30, "the group of now, as of any day");
        }
    }

    [Fact]
    public async Task what_was_known_before_the_link_is_that_of_each_alone()
    {
        var (one, two) = await Pair();
        var known = Uri.EscapeDataString(fixture.Clock.GetUtcNow().ToString("O"));
        await Task.Delay(20);
        await fixture.Hear([.. Linked(At("2026-01-01T00:00:00Z"), one, two)]);
        var then = await fixture.Portrait(one, $"?knownAt={known}");
        (Net(then), then.GetProperty("group").ValueKind).ShouldBe((20, JsonValueKind.Null));
    }

    [Fact]
    public async Task the_timeline_is_that_of_all_members_and_names_each()
    {
        var (one, two) = await Pair();
        await fixture.Hear([.. Linked(fixture.Clock.GetUtcNow(), one, two)]);
        var all = await Items(two, "limit=200");
        all.Count.ShouldBe(10);
        all.Where(i => i.GetProperty("contract").GetString() == "customers.purchase-recorded")
            .Select(i => i.GetProperty("customerId").GetGuid())
            .ShouldBe([one, two]);
        all.ShouldAllBe(i => i.GetProperty("customerId").GetGuid() == i.GetProperty("data").GetProperty("customerId").GetGuid());
        var (paged, after) = (new List<string>(), "");
        do
        {
            var page = await fixture.Get($"/api/customers/{one}/timeline?limit=3{after}");
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetRawText()));
            after = page.GetProperty("next").GetString() is { } next ? $"&after={next}" : null;
        } while (after is not null);
        paged.ShouldBe(all.Select(i => i.GetRawText()));
        // What is exported and counted stays that of each.
        (await fixture.Get($"/api/portraits/customers/{two}/personal"))
            .GetArrayLength()
            .ShouldBe(5);
    }

    [Fact]
    public async Task one_event_about_two_members_is_on_no_page_twice_and_on_none_missing()
    {
        var (one, two) = await Pair();
        await fixture.Hear([.. Linked(At("2026-05-01T00:00:00Z"), one, two).Select(f => f with { EventId = Shared })]);
        var all = (await Items(one, "limit=200")).ConvertAll(i => i.GetRawText());
        var first = await fixture.Get($"/api/customers/{one}/timeline?limit=1");
        var second = await fixture.Get($"/api/customers/{one}/timeline?limit=1&after={first.GetProperty("next").GetString()}");
        new[] { first, second }.Select(p => p.GetProperty("items")[0].GetRawText()).ShouldBe(all[..2]);
    }

    static Guid Shared { get; } = Guid.CreateVersion7();

    [Fact]
    public async Task the_greater_event_id_holds_in_whatever_order_it_is_heard()
    {
        var (one, two) = await Pair();
        Fact[] linked = [.. Linked(fixture.Clock.GetUtcNow(), one, two)];
        Fact[] parted = [.. Parted(fixture.Clock.GetUtcNow(), one, two)];
        await fixture.Hear(parted);
        await fixture.Hear(linked);
        await fixture.Hear(linked);
        (Net(await fixture.Portrait(one)), Net(await fixture.Portrait(two))).ShouldBe((20, 30));
    }

    [Fact]
    public async Task what_one_member_refuses_is_refused_for_the_group()
    {
        var (one, two) = await Pair();
        Contracts.ConsentChanged Said(Guid id, bool granted, string at) => new(id, "marketing", "sms", granted, "1", At(at));
        await fixture.Hear("customers", Said(one, true, "2026-04-02T00:00:00Z"));
        await fixture.Hear("customers", Said(two, false, "2026-04-01T00:00:00Z"));
        await fixture.Hear([.. Linked(fixture.Clock.GetUtcNow(), one, two)]);
        foreach (var id in new[] { one, two })
            (await fixture.Portrait(id))
                .GetProperty("basics")
                .GetProperty("consents")
                .GetProperty("marketing/sms")
                .GetProperty("value")
                .GetBoolean()
                .ShouldBeFalse();
    }

    [Fact]
    public async Task the_page_names_the_members()
    {
        var (one, two) = await Pair();
        (fixture.Known[one], fixture.Known[two]) = (ProfileTests.Profile("诸葛亮"), ProfileTests.Profile("诸葛亮"));
        await fixture.Hear([.. Linked(fixture.Clock.GetUtcNow(), one, two)]);
        var chinese = await fixture.All().GetStringAsync($"/portraits/{two}?lang=zh");
        chinese.ShouldContain("同一人组，共 2 个客户编号");
        chinese.ShouldContain($"{one}（主档）");
        chinese.ShouldContain("诸葛亮");
        (await fixture.All().GetStringAsync($"/portraits/{one}?lang=en")).ShouldContain("One person, known as 2 customers:");
    }

    static decimal Net(JsonElement portrait) =>
        portrait.GetProperty("behaviour").GetProperty("netRevenue").GetProperty("value").GetDecimal();

    static string? Text(JsonElement portrait, string part, string value) =>
        portrait.GetProperty(part).GetProperty(value).GetProperty("value").GetString();

    async Task<List<JsonElement>> Items(Guid id, string query) =>
        [.. (await fixture.Get($"/api/customers/{id}/timeline?{query}")).GetProperty("items").EnumerateArray()];
}
