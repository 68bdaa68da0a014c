using System.Net;
using CrmPlatform.ServiceDesk.Complaints;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>Complaints that come in numbers. A room of its own.</summary>
public class ClusterTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    async Task Decided(DateTimeOffset at, string cause)
    {
        var id = (await fixture.Post("tickets", DeskRequests.Complaint(Guid.CreateVersion7(), null, at), HttpStatusCode.Created)).Id;
        await fixture.Post($"tickets/{id}/assess", At("assess", at));
        await fixture.Post($"tickets/{id}/decide", At(new { outcome = "upheld", cause }, at));
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
}
