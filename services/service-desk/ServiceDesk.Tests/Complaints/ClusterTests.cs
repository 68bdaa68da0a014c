using System.Net;
using System.Net.Http.Json;
using CrmPlatform.ServiceDesk.Complaints;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>Complaints that come in numbers. A room of its own.</summary>
public class ClusterTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    async Task<Guid> Decided(DateTimeOffset at, string cause)
    {
        var id = (await fixture.Post("tickets", DeskRequests.Complaint(Guid.CreateVersion7(), null, at), HttpStatusCode.Created)).Id;
        await fixture.Post($"tickets/{id}/assess", At("assess", at));
        await fixture.Post($"tickets/{id}/decide", At(new { outcome = "upheld", cause }, at));
        return id;
    }

    [Fact]
    public async Task five_of_one_cause_within_seven_days_are_a_cluster_once()
    {
        var first = fixture.Clock.GetUtcNow().AddDays(-20);
        foreach (var day in new[] { 0, 2, 4, 6, 20 })
            await Decided(first.AddDays(day == 20 ? 7 : day), "lost-parcel");
        await Decided(first.AddDays(6.5), "late-delivery");
        (await fixture.RunDue<FindClusters>()).ShouldBe(0, "the fifth came on the eighth day, and another had another cause");

        await Decided(first.AddDays(6.9), "lost-parcel");
        (await fixture.RunDue<FindClusters>()).ShouldBe(1);
        (await fixture.RunDue<FindClusters>()).ShouldBe(0);
        var cluster = (await fixture.Get("complaints/clusters")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        cluster.GetProperty("cause").GetString().ShouldBe("lost-parcel");
        cluster.GetProperty("category").GetString().ShouldBe("delivery");
        cluster.GetProperty("foundAt").GetDateTimeOffset().ShouldBe(first.AddDays(6.9), TimeSpan.FromSeconds(1));
        (cluster.GetProperty("complaints").GetInt32(), cluster.GetProperty("actions").GetInt32()).ShouldBe((5, 0));

        foreach (var hour in new[] { 1, 2, 3 })
            await Decided(first.AddDays(7).AddHours(hour), "lost-parcel");
        (await fixture.RunDue<FindClusters>()).ShouldBe(0, "none belongs to two");
        await Decided(first.AddDays(8), "lost-parcel");
        (await fixture.RunDue<FindClusters>()).ShouldBe(1, "with that of the eighth day they are five");
        await fixture.Daemon.Rebuild("complaint-clusters");
        (await fixture.Get("complaints/clusters?limit=1")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task one_of_a_cluster_is_closed_once_an_action_is_set_for_the_cause()
    {
        var first = fixture.Clock.GetUtcNow().AddDays(-8);
        var members = new List<Guid>();
        foreach (var day in new[] { 0, 3, 4, 5, 6 })
            members.Add(await Solved(first.AddDays(day), "rude"));
        var (eighth, other) = (await Solved(first.AddDays(7), "rude"), await Solved(first.AddDays(4), "late-delivery"));
        await SetAction("rude", first.AddMinutes(-1));
        (await fixture.RunDue<FindClusters>()).ShouldBe(1);
        await fixture.Post($"tickets/{eighth}/close", new { });
        await fixture.Post($"tickets/{other}/close", new { });
        foreach (var id in members)
            await NotClosed(id);

        await SetAction("late-delivery", first);
        await NotClosed(members[0]);
        await SetAction("rude", null, members[0]);
        foreach (var id in members)
            await fixture.Post($"tickets/{id}/close", new { });
    }

    async Task<Guid> Solved(DateTimeOffset at, string cause)
    {
        var id = await Decided(at, cause);
        await fixture.Post($"tickets/{id}/resolve", At("resolve", at));
        return id;
    }

    async Task NotClosed(Guid id) =>
        await Problem(await fixture.Agent().PostAsJsonAsync($"/api/service-desk/tickets/{id}/close", new { }), 422, "action-missing");

    Task SetAction(string cause, DateTimeOffset? occurredAt, Guid? ticketId = null) =>
        fixture.Post(
            "corrective-actions",
            new
            {
                title = "换承运商",
                owner = "lead-1",
                cause,
                dueAt = fixture.Clock.GetUtcNow().AddDays(7),
                ticketId,
                occurredAt,
            },
            HttpStatusCode.Created
        );
}
