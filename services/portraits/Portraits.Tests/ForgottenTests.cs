using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Portraits.Tests;

[Collection("portraits")]
public sealed class ForgottenTests(PortraitsFixture fixture)
{
    static DateTimeOffset At(string text) => PortraitsFixture.At(text);

    [Fact]
    public async Task facts_that_arrive_late_for_a_forgotten_customer_leave_nothing()
    {
        var id = await fixture.WithHistory();
        await fixture.Hear("customers", new Contracts.CustomerForgotten(id, At("2026-06-01T10:00:00Z")));
        var before = await Told(id);
        await fixture.Hear(
            "customers",
            new Contracts.PageViewed(id, Guid.CreateVersion7(), "/late", null, "web", At("2026-05-30T10:00:00Z")),
            PortraitsFixture.Purchase(id, 30, "2026-06-02T15:00:00Z")
        );
        await fixture.Hear("service-desk", new Contracts.TicketClosed(id, Guid.CreateVersion7(), At("2026-06-02T10:00:00Z")));
        (await Told(id)).ShouldBe(before);
    }

    [Fact]
    public async Task what_was_recorded_before_they_were_forgotten_counts_whenever_it_is_heard()
    {
        var (id, now) = (await fixture.Somebody(), fixture.Clock.GetUtcNow());
        Fact Recorded(string publisher, object contract, int minutes) =>
            PortraitsFixture.AsFact(publisher, contract) with
            {
                RecordedAt = now.AddMinutes(minutes),
            };
        Contracts.PageViewed Page() => new(id, Guid.CreateVersion7(), "/a", null, "web", At("2026-05-30T10:00:00Z"));
        await fixture.Hear(
            Recorded("customers", new Contracts.CustomerForgotten(id, At("2026-06-01T10:00:00Z")), 10),
            Recorded("customers", Page(), 11)
        );
        await fixture.Hear(Recorded("customers", Page(), 9), Recorded("customers", Page(), 12));
        (await fixture.Portrait(id)).GetProperty("behaviour").GetProperty("pageViews").GetProperty("value").GetInt32().ShouldBe(1);
    }

    async Task<string> Told(Guid id)
    {
        var (portrait, timeline) = (await fixture.Portrait(id), await fixture.Get($"/api/customers/{id}/timeline"));
        return portrait.GetRawText() + timeline.GetRawText();
    }
}
