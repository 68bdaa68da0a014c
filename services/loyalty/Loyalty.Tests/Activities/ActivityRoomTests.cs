using System.Net;
using System.Text.Json;
using CrmPlatform.Loyalty.Activities;
using static CrmPlatform.Loyalty.Tests.Activities.ActivityWords;

namespace CrmPlatform.Loyalty.Tests.Activities;

[Collection("loyalty")]
public class ActivityRoomTests(LoyaltyRoom room)
{
    [Fact]
    public async Task of_32_who_sign_up_at_once_as_many_as_fit_have_a_place_and_the_others_wait()
    {
        var (activity, members) = (await room.Planned(Plan(capacity: 10)), await room.Members(32));
        var answers = await Task.WhenAll(members.Select(m => room.Join(activity, m)));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Created);
        var list = await room.List(activity);
        list.Count(m => m.State == "joined").ShouldBe(10);
        list.Where(m => m.State == "waiting").Select(m => m.Position).ShouldBe(Enumerable.Range(1, 22).Select(i => (long?)i));

        var (places, queue) = (
            list.Where(m => m.State == "joined").Select(m => m.Customer).ToArray(),
            list.Where(m => m.State == "waiting").Select(m => m.Customer).ToArray()
        );
        (await Task.WhenAll(places.Take(5).Select(m => room.Post($"{activity}/members/{m}/withdraw")))).ShouldAllBe(a =>
            a.StatusCode == HttpStatusCode.OK
        );
        list = await room.List(activity);
        list.Where(m => m.State == "joined").Select(m => m.Customer).ShouldBe(places.Skip(5).Concat(queue.Take(5)), ignoreOrder: true);
        list.Where(m => m.State == "waiting").Select(m => m.Customer).ShouldBe(queue.Skip(5));
        var shown = await room.Get($"activities/{activity}");
        (
            shown.GetProperty("joined").GetInt64(),
            shown.GetProperty("waiting").GetInt64(),
            shown.GetProperty("titles").GetProperty("zh-CN").GetString()
        ).ShouldBe((10, 17, "品茶会"));
    }

    [Fact]
    public async Task whoever_is_there_gets_the_points_once_and_the_others_hear_of_it()
    {
        var (activity, member) = (await room.Planned(Plan()), (await room.Members(1))[0]);
        (await room.Join(activity, member)).EnsureSuccessStatusCode();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => room.Post($"{activity}/members/{member}/check-in")));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        (await room.Balance(member)).ShouldBe(30);
        var said = (await room.Store.FetchStream(activity)).Select(e => LoyaltyFeed.Translate(e)?.Contract).OfType<object>().ToArray();
        said.Select(c => c.GetType()).ShouldBe([typeof(Contracts.ActivityJoined), typeof(Contracts.ActivityAttended)]);
        ((Contracts.ActivityAttended)said[1]).Points.ShouldBe(30);
        await Problem(await room.Post($"{activity}/members/{member}/withdraw"), 422, "already-attended");
        (await room.Get($"customers/{member}/personal"))
            .GetProperty("activities")
            .EnumerateArray()
            .Select(f => f.GetProperty("fact").GetString())
            .ShouldBe(["member_joined", "member_attended"]);
    }

    [Fact]
    public async Task forgotten_members_leave_every_list_and_the_next_one_moves_up()
    {
        var (activity, members) = (await room.Planned(Plan(capacity: 1)), await room.Members(3));
        foreach (var m in members)
            (await room.Join(activity, m)).EnsureSuccessStatusCode();
        await room.Hear(
            "customers",
            new Contracts.CustomerForgotten(members[0], LoyaltyRoom.Now),
            new Contracts.CustomerForgotten(members[2], LoyaltyRoom.Now)
        );
        (await room.List(activity)).Select(m => m.Customer).ShouldBe([members[1]], "at once");
        await Task.WhenAll(room.RunDue<RemoveForgotten>(), room.RunDue<RemoveForgotten>());
        (await room.List(activity)).ShouldBe([(members[1], "joined", null)]);
        (await room.Get($"customers/{members[0]}/personal")).GetProperty("activities").GetArrayLength().ShouldBe(0);
        await Problem(await room.Join(activity, members[0]), 422, "customer-forgotten");
        (await room.RunDue<RemoveForgotten>()).ShouldBe(0);
    }

    [Fact]
    public async Task keys_versions_and_refusals_are_what_they_are_everywhere()
    {
        var (activity, members) = (await room.Planned(Plan(minimumTier: "Silver")), await room.Members(1));
        await Problem(await room.Join(activity, members[0]), 422, "tier-too-low");
        await Problem(await room.Join(activity, Guid.CreateVersion7()), 422, "no-account");
        await Problem(await room.Join(Guid.CreateVersion7(), members[0]), 404, "not-found");
        await Problem(await room.Join(members[0], members[0]), 404, "not-found");
        await Problem(await room.Post($"{members[0]}/cancel", new { reason = "weather" }), 404, "not-found");
        await Problem(await room.Post("", Plan(capacity: 0)), 400, "invalid-request");
        await Problem(await room.Post("", Plan(minimumTier: "Wood")), 422, "unknown-tier");

        var rich = await room.Customer(800);
        var first = await (await room.Join(activity, rich, key: "k")).Content.ReadAsStringAsync();
        (await (await room.Join(activity, rich, key: "k")).Content.ReadAsStringAsync()).ShouldBe(first);
        await Problem(await room.Join(activity, members[0], key: "k"), 409, "idempotency-key-reused");

        var tag = (await room.Everything.GetAsync($"/api/loyalty/activities/{activity}")).Headers.ETag!.Tag;
        (await room.Post($"{activity}", Plan(capacity: 5), ifMatch: tag, method: HttpMethod.Put)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Problem(await room.Post($"{activity}", Plan(capacity: 6), ifMatch: tag, method: HttpMethod.Put), 412, "stale-version");
        (await room.Post($"{activity}/cancel", new { reason = "weather" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Problem(await room.Post($"{activity}/members/{rich}/check-in"), 422, "activity-cancelled");
        (await room.Get($"activities/{activity}")).GetProperty("cancelled").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task lists_are_paged_without_gap_and_views_built_anew_equal_the_live_ones()
    {
        var at = LoyaltyRoom.Now.AddDays(40);
        var planned = new List<Guid>();
        for (var i = 0; i < 5; i++)
            planned.Add(await room.Planned(Plan(at: at)));
        foreach (var m in await room.Members(5))
            (await room.Join(planned[0], m)).EnsureSuccessStatusCode();
        (await Paged($"activities?from={Uri.EscapeDataString(at.AddMinutes(-1).ToString("O"))}&limit=2", "activityId")).ShouldBe(
            planned,
            ignoreOrder: true
        );
        (await Paged($"activities/{planned[0]}/members?limit=2", "customerId")).Length.ShouldBe(5);
        (await room.Everything.GetAsync("/api/loyalty/activities?after=x")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await room.Everything.GetAsync($"/api/loyalty/activities/{planned[0]}/members?state=lost")).StatusCode.ShouldBe(
            HttpStatusCode.BadRequest
        );

        var before = await Contents();
        await room.Daemon.Rebuild("activity");
        (await Contents()).ShouldBe(before);

        async Task<Guid[]> Paged(string path, string name)
        {
            var (seen, next) = (new List<Guid>(), "");
            do
            {
                var page = await room.Get(path + next);
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty(name).GetGuid()));
                next =
                    page.GetProperty("next").ValueKind == JsonValueKind.String
                        ? "&after=" + Uri.EscapeDataString(page.GetProperty("next").GetString()!)
                        : null;
            } while (next is not null);
            seen.ShouldBeUnique();
            return [.. seen];
        }

        async Task<List<string>> Contents()
        {
            var all = new List<string>();
            foreach (var table in new[] { "activity", "activity_member", "activity_forgotten" })
            {
                await using var command = room.Db.CreateCommand($"select t::text from {table} t order by 1");
                await using var rows = await command.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                    all.Add(rows.GetString(0));
            }
            return all;
        }
    }
}
