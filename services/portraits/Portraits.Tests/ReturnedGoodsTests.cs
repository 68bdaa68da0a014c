using CrmPlatform.Portraits.Portraits;
using CrmPlatform.Portraits.Timelines;

namespace CrmPlatform.Portraits.Tests;

/// <summary>What a customer likes is what they kept.</summary>
public sealed class ReturnedGoodsTests
{
    static readonly Guid customer = Guid.CreateVersion7();
    static readonly DateTimeOffset at = PortraitsFixture.At("2026-05-04T10:00:00Z");

    static Contracts.PurchaseRecorded Bought(string channel, params (string? Category, decimal Net)[] lines) =>
        PortraitsFixture.Purchase(customer, lines.Sum(l => l.Net), "2026-05-04T10:00:00Z") with
        {
            Channel = channel,
            Lines = [.. lines.Select((l, i) => new Contracts.PurchaseLine($"p{i}", l.Category, 1, l.Net))],
        };

    static Contracts.PurchaseReturned Back(
        Contracts.PurchaseRecorded of,
        decimal net,
        bool wholly,
        params (string? Category, decimal Net)[]? categories
    ) =>
        new(
            customer,
            of.PurchaseId,
            Guid.CreateVersion7(),
            "store",
            "USD",
            net,
            "USD",
            net,
            wholly,
            at,
            at.AddDays(1),
            null,
            categories?.Select(c => new Contracts.ReturnedCategory(c.Category, c.Net)).ToList(),
            categories is null ? null : of.Channel
        );

    static Portrait.BehaviourPart Told(params object[] contracts) =>
        Portrait
            .Of(
                new PortraitState { CustomerId = customer, Kind = new("individual", default, default) }.With(
                    contracts.SelectMany(c => Entry.Of(PortraitsFixture.AsFact("customers", c))),
                    TimeZoneInfo.Utc
                ),
                null,
                null,
                ProfileShown.NotAsked,
                null,
                null
            )
            .Behaviour;

    static (string, decimal, decimal)[] Shown(IEnumerable<Portrait.Share> shares) => [.. shares.Select(s => (s.Name, s.Value, s.Percent))];

    [Fact]
    public void three_equal_shares_add_up_to_100() =>
        Shown(Told(Bought("web", ("a", 10), ("b", 10), ("c", 10))).Categories)
            .ShouldBe([("a", 10, 33.34m), ("b", 10, 33.33m), ("c", 10, 33.33m)]);

    [Fact]
    public void categories_and_channels_are_net_of_returns()
    {
        var (toys, both) = (Bought("web", ("toys", 60)), Bought("store", ("toys", 30.50m), ("books", 70.40m), (null, 9.10m)));
        object[] all = [toys, both, Back(toys, 60, true, ("toys", 60)), Back(both, 30.50m, false, ("toys", 30.50m))];
        var told = Told(all);
        Shown(told.Categories).ShouldBe([("books", 70.40m, 88.55m), ("–", 9.10m, 11.45m), ("toys", 0, 0)]);
        Shown(told.Channels).ShouldBe([("store", 1, 100), ("web", 0, 0)]);
        told.Categories.Sum(c => c.Value).ShouldBe(told.NetRevenue!.Value);
        Shown(Told([.. all.AsEnumerable().Reverse()]).Categories).ShouldBe(Shown(told.Categories), "in whatever order they are heard");
    }

    [Fact]
    public void a_return_from_before_categories_were_told_counts_in_proportion()
    {
        var bought = Bought("web", ("toys", 75), ("books", 25));
        var told = Told(bought, Back(bought, 20, false, null));
        Shown(told.Categories).ShouldBe([("toys", 60, 75), ("books", 20, 25)]);
        Shown(told.Channels).ShouldBe([("web", 1, 100)]);
        Shown(Told(bought, Back(bought, 100, true, null)).Categories).ShouldBe([("books", 0, 0), ("toys", 0, 0)]);
    }
}
