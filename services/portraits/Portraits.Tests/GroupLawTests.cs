using System.Text.Json;
using System.Text.Json.Nodes;
using CrmPlatform.EventSourcing;
using CrmPlatform.Portraits.Portraits;
using CrmPlatform.Portraits.Timelines;
using CrmPlatform.ServiceDefaults;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Portraits.Tests;

/// <summary>
/// A link is only a link: while it holds, the portrait is that of one customer who did it all; once it is gone, everything is as if it had
/// never been. Compared with others of whom the same was told: a twin of each member, and one customer who did what all of them did.
/// </summary>
[Collection("portraits")]
public sealed class GroupLawTests(PortraitsFixture fixture)
{
    [Fact]
    public void portraits_of_members_join_to_the_fold_of_all_entries() =>
        Prop.ForAll(
                Gen.Choose(0, 1_000_000).ToArbitrary(),
                seed =>
                {
                    Guid[] members = [.. Enumerable.Range(0, 2 + (seed % 2)).Select(_ => Guid.CreateVersion7())];
                    Entry[] entries = [.. members.SelectMany((m, i) => Histories.Of(m, seed + i, 40)).SelectMany(Entry.Of)];
                    var parts = entries
                        .GroupBy(e => e.CustomerId)
                        .Select(e => new PortraitState { CustomerId = e.Key }.With(e, TimeZoneInfo.Utc))
                        .Reverse()
                        .ToList();
                    var all = new PortraitState { CustomerId = members[1] }.With(
                        entries.OrderBy(e => (e.OccurredAt, e.EventId)),
                        TimeZoneInfo.Utc
                    );
                    Json(PortraitState.Of(members[1], new(members[0], members), parts)).ShouldBe(Json(all));

                    // Three things are not added up: what segmentation says of the survivor, the better tier, the stricter consent.
                    static string Json(PortraitState s) =>
                        JsonSerializer.Serialize(
                            s with
                            {
                                Rfm = null,
                                Abc = null,
                                Stage = null,
                                Segments = [],
                                Tier = null,
                                TierPoints = null,
                                Consents = [],
                            },
                            EventStoreOptions.Json
                        );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void merge_then_unmerge_leaves_every_view_as_it_was() =>
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed => Check(seed).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    async Task Check(int seed)
    {
        var random = new Random(seed);
        Guid[] members = [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Guid.CreateVersion7())];
        var (twins, one) = (members.ToDictionary(m => m, _ => Guid.CreateVersion7()), Guid.CreateVersion7());
        List<Fact> facts = [.. members.SelectMany((m, i) => History(m, seed + i))];
        var (linked, parted) = Links(members, random);
        await Hear([.. facts, .. facts.Select(f => Of(f, twins[f.Subject])), .. facts.Select(f => Of(f, one)), .. linked]);

        var (asOf, survivor) = ($"?asOf=2026-01-0{random.Next(2, 9)}", linked[^1].Data.GetProperty("survivorId").GetGuid());
        foreach (var query in new[] { "", asOf })
        {
            var all = await Portrait(one, query);
            foreach (var id in members)
            {
                var seen = await Portrait(id, query);
                Same(seen, all, "behaviour", "service", "forgotten");
                Same(seen["basics"], all["basics"], "registeredAt");
                Same(seen["loyalty"], all["loyalty"], "points", "pointsEarned");
                Same(seen, await Portrait(twins[survivor], query), "value");
            }
        }
        var told = await Timeline(one);
        foreach (var id in members)
            (await Timeline(id)).ShouldBe(told);

        await Hear([.. linked.Reverse<Fact>(), .. parted]);
        foreach (var id in members)
        {
            foreach (var query in new[] { "", asOf })
                (await Portrait(id, query)).ToJsonString().ShouldBe((await Portrait(twins[id], query)).ToJsonString());
            (await Timeline(id)).ShouldBe(await Timeline(twins[id]));
        }

        async Task<JsonObject> Portrait(Guid id, string query)
        {
            var portrait = JsonNode.Parse((await fixture.Portrait(id, query)).GetRawText())!.AsObject();
            // The entries of the link themselves are on the timeline.
            portrait.Remove("events");
            portrait.Remove("customerId");
            return portrait;
        }
    }

    /// <summary>Links in an order in which all become one, with others taken away in between; and the end of all.</summary>
    static (List<Fact> Linked, List<Fact> Parted) Links(Guid[] members, Random random)
    {
        var (at, linked) = (PortraitsFixture.At("2026-01-05T00:00:00Z"), new List<Fact>());
        for (var i = random.Next(3); i > 0; i--)
        {
            Guid[] some = [.. members.OrderBy(_ => random.Next()).Take(2)];
            linked.AddRange(GroupTests.Linked(at, some));
            linked.AddRange(GroupTests.Parted(at, some));
        }
        linked.AddRange(GroupTests.Linked(at, [.. members.OrderBy(_ => random.Next())]));
        return (linked, [.. GroupTests.Parted(at, members)]);
    }

    /// <summary>A made-up history, with purchases that were never made.</summary>
    static IEnumerable<Fact> History(Guid customer, int seed)
    {
        var registered = new Contracts.CustomerRegistered(customer, "individual", null, PortraitsFixture.At("2026-01-01T00:00:00Z"));
        var facts = Histories.Of(customer, seed, 40);
        return
        [
            PortraitsFixture.AsFact("customers", registered),
            .. facts,
            .. from f in facts
            where f.Contract == "customers.purchase-recorded" && f.EventId.GetHashCode() % 4 == 0
            select PortraitsFixture.AsFact(
                "customers",
                new Contracts.PurchaseRetracted(
                    customer,
                    f.Data.GetProperty("purchaseId").GetGuid(),
                    "web",
                    "USD",
                    1,
                    "USD",
                    1,
                    f.OccurredAt
                )
            ),
        ];
    }

    /// <summary>The same fact, told of another.</summary>
    static Fact Of(Fact fact, Guid customer)
    {
        var data = JsonNode.Parse(fact.Data.GetRawText())!;
        data["customerId"] = customer;
        return fact with { Subject = customer, Data = JsonSerializer.SerializeToElement(data) };
    }

    /// <summary>In any order, and some of it twice.</summary>
    async Task Hear(IReadOnlyList<Fact> facts)
    {
        Fact[] heard = [.. facts, .. facts.Where((_, i) => i % 5 == 0)];
        Random.Shared.Shuffle(heard);
        var handler = fixture.Services.GetRequiredService<IPacketHandler>();
        foreach (var packet in heard.Chunk(40))
            await handler.Handle(packet, null, default);
    }

    static void Same(JsonNode? seen, JsonNode? expected, params string[] parts)
    {
        foreach (var part in parts)
            seen![part]?.ToJsonString().ShouldBe(expected![part]?.ToJsonString(), part);
    }

    async Task<List<string>> Timeline(Guid id) =>
        [
            .. (await fixture.Get($"/api/customers/{id}/timeline?limit=200"))
                .GetProperty("items")
                .EnumerateArray()
                .Where(i => !i.GetProperty("contract").GetString()!.StartsWith("customers.customers-", StringComparison.Ordinal))
                .Select(i => $"{i.GetProperty("eventId")} {i.GetProperty("contract")} {i.GetProperty("occurredAt")}"),
        ];
}
