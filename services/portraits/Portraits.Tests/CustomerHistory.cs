namespace CrmPlatform.Portraits.Tests;

/// <summary>What several tests presuppose.</summary>
static class CustomerHistory
{
    public static readonly Guid Run = Guid.CreateVersion7();

    static DateTimeOffset At(string text) => PortraitsFixture.At(text);

    /// <summary>A customer of whom every room has told something.</summary>
    public static async Task<Guid> WithHistory(this PortraitsFixture fixture)
    {
        var id = await fixture.Somebody();
        await fixture.Hear(
            "customers",
            PortraitsFixture.Purchase(id, 20, "2026-03-01T15:00:00Z"),
            PortraitsFixture.Purchase(id, 30, "2026-04-01T15:00:00Z", "DELI"),
            new Contracts.PageViewed(id, Guid.CreateVersion7(), "/shoes", null, "web", At("2026-04-02T10:00:00Z"))
        );
        await fixture.Hear(
            "loyalty",
            new Contracts.PointsEarned(
                id,
                Guid.CreateVersion7(),
                20,
                Guid.CreateVersion7(),
                1,
                At("2028-03-01T15:00:00Z"),
                20,
                At("2026-03-01T15:00:00Z")
            ),
            new Contracts.TierChanged(id, null, "Bronze", 0, At("2026-03-01T15:00:00Z"))
        );
        await fixture.Hear(
            "segmentation",
            new Contracts.RfmScored(id, 5, 2, 3, "Potential Loyalist", "重要发展", Run, new(2026, 4, 5), false, At("2026-04-05T15:00:00Z")),
            new Contracts.LifecycleStageChanged(id, "New", "Repeat", "second-order", At("2026-04-01T15:00:00Z"))
        );
        await fixture.Hear(
            "service-desk",
            new Contracts.TicketOpened(
                id,
                Guid.CreateVersion7(),
                "complaint",
                "billing",
                "normal",
                "web",
                At("2026-04-07T10:00:00Z"),
                At("2026-04-08T10:00:00Z"),
                At("2026-04-06T10:00:00Z")
            )
        );
        return id;
    }
}
