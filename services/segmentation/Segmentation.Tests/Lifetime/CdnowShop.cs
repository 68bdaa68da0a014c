namespace CrmPlatform.Segmentation.Tests.Lifetime;

/// <summary>The customers of CDNOW as customers of this installation, heard as customers tells of them.</summary>
static class CdnowShop
{
    public static Guid Id(int customer) => new(0x1997, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, (byte)(customer >> 8), (byte)customer);

    /// <summary>The purchases of every <paramref name="nth"/> customer, so many days later than they were.</summary>
    public static IEnumerable<Contracts.PurchaseRecorded> Purchases(int nth = 1, int daysLater = 0, string currency = "USD") =>
        Cdnow
            .Purchases.Select((bought, customer) => (bought, customer))
            .Where(c => c.customer % nth == 0)
            .SelectMany(c =>
                c.bought.Select(
                    (p, i) =>
                        new Contracts.PurchaseRecorded(
                            Id(c.customer),
                            NameId.For("cdnow", $"{c.customer}-{i}"),
                            "shop",
                            $"{c.customer}-{i}",
                            "web",
                            currency,
                            p.Amount,
                            currency,
                            p.Amount,
                            1,
                            [],
                            new DateTimeOffset(p.Day.AddDays(daysLater), new TimeOnly(17, 0), TimeSpan.Zero)
                        )
                )
            );

    public static async Task Open(
        SegmentationFixture room,
        IEnumerable<Contracts.PurchaseRecorded> purchases,
        DateTimeOffset? recordedAt = null
    )
    {
        foreach (var packet in purchases.Chunk(500))
            await room.Hear([
                .. packet.Select(p =>
                    SegmentationFixture.AsFact("customers", p) is var fact && recordedAt is { } at ? fact with { RecordedAt = at } : fact
                ),
            ]);
        await room.CatchUp();
    }
}
