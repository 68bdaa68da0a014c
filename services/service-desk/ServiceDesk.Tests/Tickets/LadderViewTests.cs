using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Tickets;

/// <summary>What the due work finds to tell, and when.</summary>
public class LadderViewTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    [Fact]
    public async Task each_step_is_told_as_soon_as_it_is_due()
    {
        fixture.Clock.Stop(fixture.Clock.GetUtcNow());
        var id = await fixture.Open();
        var instants = (await Facts<EscalationPlanned>(id)).SelectMany(e => e.Steps).Select(s => s.At).Order().ToList();
        instants.Count.ShouldBeGreaterThan(2);
        foreach (var at in instants.Distinct())
        {
            fixture.Clock.Stop(at.AddSeconds(1));
            await fixture.RunDue<BreachClock>();
            (await Facts<Escalated>(id)).Select(e => e.OccurredAt).Order().ShouldBe(instants.Where(i => i <= at));
        }
        await fixture.Post($"tickets/{id}/resolve", Valid("resolve"));
        (await fixture.RunDue<BreachClock>()).ShouldBe(0);
    }

    async Task<IEnumerable<T>> Facts<T>(Guid id) => (await fixture.Store.FetchStream(id)).Select(e => e.Data).OfType<T>();
}
