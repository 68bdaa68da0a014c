using CrmPlatform.Testing;

namespace CrmPlatform.Portraits.Tests;

/// <summary>The room's <c>.http</c> file does what it says. A room of its own: its clock stands still.</summary>
public sealed class HttpFileTests(PortraitsFixture room) : IClassFixture<PortraitsFixture>
{
    static readonly string folder = Path.Combine(TestServers.Root, "services", "portraits");
    static readonly Guid customer = Id(11),
        member = Id(12);

    [Fact]
    public async Task the_http_file_runs_from_top_to_bottom_and_its_answers_are_the_examples()
    {
        room.Clock.Stop(new DateTimeOffset(2026, 12, 1, 2, 0, 0, TimeSpan.Zero));
        room.Known[customer] = ProfileTests.Profile("诸葛测试") with { ProfileSource = Id(201) };
        await room.Hear([
            .. new object[]
            {
                new Contracts.CustomerRegistered(customer, "individual", "shop", PortraitsFixture.At("2026-04-01T09:00:00Z")),
                new Contracts.ConsentChanged(customer, "marketing", "email", true, "2026-01", PortraitsFixture.At("2026-04-01T09:00:00Z")),
                PortraitsFixture.Purchase(customer, 19.9m, "2026-05-04T10:00:00Z") with
                {
                    PurchaseId = Id(101),
                },
                new Contracts.PageViewed(customer, Id(102), "/shoes", null, "web", PortraitsFixture.At("2026-05-05T10:00:00Z")),
                new Contracts.CustomerRegistered(member, "individual", "shop", PortraitsFixture.At("2026-04-20T09:00:00Z")),
                PortraitsFixture.Purchase(member, 12, "2026-05-02T10:00:00Z") with
                {
                    PurchaseId = Id(103),
                },
                new Contracts.CustomersMerged(customer, customer, [customer, member], Id(104), PortraitsFixture.At("2026-06-01T10:00:00Z")),
                new Contracts.CustomersMerged(member, customer, [customer, member], Id(104), PortraitsFixture.At("2026-06-01T10:00:00Z")),
            }.Select(
                (told, n) => PortraitsFixture.AsFact("customers", told) with { EventId = Id(n + 201), RecordedAt = room.Clock.GetUtcNow() }
            ),
        ]);
        await room.Hear(
            PortraitsFixture.AsFact(
                "loyalty",
                new Contracts.TierChanged(customer, null, "Bronze", 0, PortraitsFixture.At("2026-05-04T10:00:00Z"), "joined")
            ) with
            {
                EventId = Id(301),
                RecordedAt = room.Clock.GetUtcNow(),
            }
        );
        await HttpRun.Check(
            room,
            HttpFile.Read(Path.Combine(folder, "portraits.http")),
            Path.Combine(folder, "Portraits", "examples.json"),
            new Dictionary<string, string>()
        );
    }

    static Guid Id(int n) => new($"00000000-0000-7000-8000-{n:d12}");
}
