using CrmPlatform.Segmentation.Tests.Churn;
using CrmPlatform.Segmentation.Tests.Groups;
using CrmPlatform.Segmentation.Tests.Lifetime;
using CrmPlatform.Segmentation.Tests.RuleSegments;
using CrmPlatform.Segmentation.WinBack;

namespace CrmPlatform.Segmentation.Tests;

/// <summary>The room with the settings that ship with the service; its clocks are asked by the test.</summary>
public sealed class ShippedSegmentation : SegmentationFixture
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        base.Settings.Where(s => !s.Key.StartsWith("Business:", StringComparison.Ordinal)).ToDictionary();
}

/// <summary>The room's <c>.http</c> file does what it says. A room of its own: its clock stands still.</summary>
public class HttpFileTests(ShippedSegmentation room) : IClassFixture<ShippedSegmentation>
{
    static readonly int aShopOfToday = new DateOnly(2026, 11, 30).DayNumber - new DateOnly(1998, 6, 30).DayNumber;
    static readonly string folder = Path.Combine(TestServers.Root, "services", "segmentation");

    [Fact]
    public async Task the_http_file_runs_from_top_to_bottom_and_its_answers_are_the_examples()
    {
        var file = HttpFile.Read(Path.Combine(folder, "segmentation.http"));
        var (customer, member, friend, stranger, quiet, lost, prospect) = (
            Guid.Parse(file.Variables["customer"]),
            Guid.Parse(file.Variables["member"]),
            Id(2),
            Id(3),
            Id(4),
            Id(5),
            Id(6)
        );
        var today = new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);
        room.Clock.Stop(today);

        // What the head of the file presupposes, as customers tells of it, and a few others to be compared with.
        object[] told =
        [
            .. new[] { customer, member, friend, stranger, quiet, lost, prospect }.Select(c => new Contracts.CustomerRegistered(
                c,
                "individual",
                "shop",
                today.AddDays(-300)
            )),
            SegmentWorld.Lives(customer, "Beijing", today.AddDays(-300)),
            Bought(customer, 11, 1200, 90),
            Toys(Bought(customer, 12, 800, 40)),
            Toys(Bought(customer, 13, 960, 3)),
            Bought(member, 71, 100, 45),
            Bought(friend, 21, 300, 60),
            Bought(friend, 22, 250, 10),
            Bought(stranger, 31, 80, 20),
            Bought(quiet, 41, 420, 120),
            Bought(lost, 51, 150, 250),
            new Contracts.PurchaseReturned(
                customer,
                Id(12),
                Id(82),
                "web",
                "CNY",
                200,
                "CNY",
                200,
                WhollyReturned: false,
                today.AddDays(-40),
                today.AddDays(-20)
            ),
            new Contracts.ConsentChanged(quiet, "marketing", "email", true, "v1", today.AddDays(-200)),
            new Contracts.ConsentChanged(lost, "marketing", "email", true, "v1", today.AddDays(-190)),
            .. GroupWorld.Linked(today.AddDays(-7), customer, member),
        ];
        object[] atTheDesk =
        [
            new Contracts.SlaBreached(lost, Id(91), "resolution", today.AddDays(-205)),
            new Contracts.SurveyAnswered(lost, Id(91), "csat", 1, today.AddDays(-200)),
        ];
        await room.Hear([.. told.Select(fact => SegmentationFixture.AsFact("customers", fact) with { RecordedAt = today })]);
        await room.Hear([.. atTheDesk.Select(fact => SegmentationFixture.AsFact("service-desk", fact) with { RecordedAt = today })]);

        await HttpRun.Check(
            room,
            file,
            Path.Combine(folder, "Segmentation", "examples.json"),
            new Dictionary<string, string>(),
            MoreIsKnown
        );

        // A model of lifetime needs many customers; what comes before is easier to read with few.
        Task MoreIsKnown(string step) =>
            step switch
            {
                "A whole shop has become known: its purchases are fitted" => CdnowShop.Open(
                    room,
                    CdnowShop.Purchases(nth: 3, daysLater: aShopOfToday, "CNY"),
                    recordedAt: room.Clock.GetUtcNow()
                ),
                "The rule segments" or "What launching it would do" => room.Judge(),
                "Who may be about to leave, the latest crossing first" or "By month and cause" => room.JudgeChurn(),
                "The customer has bought a few things with a discount: everybody's needs are judged by the shop's mean" => room.Hear([
                    .. NeedsOrders().Select(fact => SegmentationFixture.AsFact("customers", fact) with { RecordedAt = today }),
                ]),
                "The plans with what they brought" => room.RunDue<OfferWinBacks>(),
                _ => Task.CompletedTask,
            };

        IEnumerable<Contracts.PurchaseRecorded> NeedsOrders() =>
            Enumerable
                .Range(0, 24)
                .Select(i => i < 12 ? (By: customer, Number: 100 + i) : (By: stranger, Number: 100 + i))
                .Select(o =>
                    Bought(o.By, o.Number, 60, daysAgo: 1 + (o.Number % 12)) with
                    {
                        Lines = [new("tea-1", "drinks", 1, 60, Discount: o.By == customer ? 6 : 0)],
                    }
                );

        static Contracts.PurchaseRecorded Toys(Contracts.PurchaseRecorded p) => p with { Lines = [new("toy-1", "toys", 1, p.Net)] };

        static Guid Id(int n) => new(0, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)n);
        Contracts.PurchaseRecorded Bought(Guid by, int order, decimal net, int daysAgo) =>
            new(by, Id(order), "shop", $"S-{order}", "web", "CNY", net, "CNY", net, 1, [], today.AddDays(-daysAgo));
    }
}
