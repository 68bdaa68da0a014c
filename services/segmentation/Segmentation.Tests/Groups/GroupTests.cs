using System.Text.Json;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Groups;

/// <summary>Customers who are one person are judged as one, under the survivor's id, as long as they are.</summary>
public class GroupTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public async Task a_group_is_scored_as_one_customer_and_each_part_again_when_it_falls_apart()
    {
        var now = fixture.Clock.GetUtcNow();
        Guid[] ids = [.. Enumerable.Range(0, 6).Select(_ => Guid.CreateVersion7())];
        var (anna, bert, third) = (ids[0], ids[1], ids[2]);
        var later = Purchase(bert, 600, now.AddDays(-6));
        await fixture.Hear(
            "customers",
            [
                .. ids.Select(c => new Contracts.CustomerRegistered(c, "individual", null, now.AddDays(-90))),
                Purchase(anna, 100, now.AddDays(-50)),
                Purchase(bert, 500, now.AddDays(-40)),
                later,
                .. ids[2..].Select((c, i) => Purchase(c, 300 + i, now.AddDays(-30 + i))),
            ]
        );
        var before = await fixture.Run();
        var (annaAlone, bertAlone) = (await fixture.Said(anna), await fixture.Said(bert));
        var scores = await Scores(before);

        // Bert is told of first: the order of the members does not matter.
        await fixture.Hear("customers", [.. GroupWorld.Linked(now, anna, bert).Reverse()]);
        await fixture.Settle();
        var one = await fixture.Get($"customers/{bert}");
        one.GetProperty("customerId").GetGuid().ShouldBe(bert);
        one.GetProperty("group").GetProperty("survivorId").GetGuid().ShouldBe(anna);
        (one.GetProperty("orders").GetInt64(), one.GetProperty("revenue").GetDecimal()).ShouldBe((3, 1200));
        one.GetProperty("lifecycle").GetProperty("stage").GetString().ShouldBe("Active");
        one.GetProperty("lifecycle").GetProperty("cause").GetString().ShouldBe("merged");
        one.GetProperty("abc").GetProperty("grade").GetString().ShouldBe("A");
        one.GetProperty("rfm").GetProperty("monetary").GetProperty("points").GetInt32().ShouldBe(5);
        (await fixture.Said(anna)).ShouldBe(await fixture.Said(bert));
        foreach (
            var table in new[]
            {
                "segments",
                "types",
                "abc",
                "lifecycle",
                $"lifecycle?asOf={DateOnly.FromDateTime(now.AddHours(-5).UtcDateTime):O}",
            }
        )
            (await fixture.Sum(table)).ShouldBe(5, table);
        (await fixture.Get("summary")).GetProperty("customers").GetInt64().ShouldBe(5);
        (await Scores(before)).ShouldBe(scores, "a run that was made before says what it counted");
        (await Members(one)).ShouldContain(anna);
        (await Members(one)).ShouldNotContain(bert);
        var said = await fixture.Published(bert);
        said.OfType<Contracts.PopulationLeft>().Single().Reason.ShouldBe("merged");
        said.OfType<Contracts.SegmentLeft>().Last().Reason.ShouldBe("merged");

        // What names a member counts for the group at once; a run counts one customer less.
        await fixture.Hear("customers", Purchase(bert, 50, now.AddDays(-1)), Purchase(anna, 25, now.AddDays(-2)));
        await fixture.Hear("customers", GroupWorld.Returned(later, 600, true, now.AddHours(-1)));
        await fixture.Settle();
        var grown = await fixture.Get($"customers/{anna}");
        (grown.GetProperty("orders").GetInt64(), grown.GetProperty("revenue").GetDecimal()).ShouldBe((4, 675));
        grown.GetProperty("rfm").GetProperty("frequency").GetProperty("points").GetInt32().ShouldBe(5);
        var merged = await fixture.Run();
        (await fixture.Get($"runs/{merged}")).GetProperty("customers").GetInt32().ShouldBe(5);
        var counted = await Scores(merged);
        counted.Count.ShouldBe(5);
        (await fixture.Get($"runs/{merged}/scores?customer={bert}"))
            .GetProperty("items")[0]
            .GetProperty("customerId")
            .GetGuid()
            .ShouldBe(anna);
        var back = await fixture.Run(new { asOf = DateOnly.FromDateTime(now.AddDays(-10).UtcDateTime) });
        (await fixture.Get($"runs/{back}")).GetProperty("customers").GetInt32().ShouldBe(5, "looking back, groups are those of now");
        await fixture.Hear("customers", GroupWorld.Retracted(later));

        await fixture.Hear("customers", [.. GroupWorld.Parted(now, anna, bert)]);
        await fixture.Settle();
        var (annas, berts) = (await fixture.Get($"customers/{anna}"), await fixture.Get($"customers/{bert}"));
        (annas.GetProperty("orders").GetInt64(), annas.GetProperty("revenue").GetDecimal()).ShouldBe((2, 125));
        (berts.GetProperty("orders").GetInt64(), berts.GetProperty("revenue").GetDecimal()).ShouldBe((2, 550));
        berts.GetProperty("group").ValueKind.ShouldBe(JsonValueKind.Null);
        (
            annas.GetProperty("lifecycle").GetProperty("stage").GetString(),
            berts.GetProperty("lifecycle").GetProperty("stage").GetString()
        ).ShouldBe(("Repeat", "Repeat"));
        berts.GetProperty("lifecycle").GetProperty("cause").GetString().ShouldBe("purchase", "its stage is what it was");
        berts.GetProperty("abc").ValueKind.ShouldBe(JsonValueKind.Object);
        berts.GetProperty("segments").GetArrayLength().ShouldBe(1);
        foreach (var table in new[] { "segments", "types", "abc", "lifecycle" })
            (await fixture.Sum(table)).ShouldBe(6, table);
        (await Scores(merged)).ShouldBe(counted);
        (await fixture.Get($"runs/{await fixture.Run()}")).GetProperty("customers").GetInt32().ShouldBe(6);
        (annaAlone, bertAlone).ShouldNotBe((await fixture.Said(anna), await fixture.Said(bert)), "they have bought since");
        (await fixture.Get($"customers/{third}")).GetProperty("group").ValueKind.ShouldBe(JsonValueKind.Null);

        await fixture.Daemon.Rebuild("judged-with");
        (await Scores(merged)).ShouldBe(counted);

        async Task<List<string>> Scores(Guid run) =>
            [.. (await fixture.Get($"runs/{run}/scores")).GetProperty("items").EnumerateArray().Select(s => s.GetRawText())];

        async Task<List<Guid>> Members(JsonElement customer) =>
            [
                .. (await fixture.Get($"segments/{customer.GetProperty("segments")[0].GetProperty("segment").GetString()}/members"))
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(m => m.GetProperty("customerId").GetGuid()),
            ];
    }
}
