using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Needs;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.Needs;

/// <summary>Needs over the real database and broker: what runs infer, and what changes between them.</summary>
public class NeedsTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    /// <summary>Many who do not look for discounts keep the mean of the shop low, whatever other tests add.</summary>
    Task<Guid> Shop() => fixture.Someone(orders: 100, discounted: 10);

    [Fact]
    public async Task an_agent_says_what_orders_do_not_and_is_believed_at_once()
    {
        await Shop();
        var anna = await fixture.Someone(orders: 10, discounted: 10);
        await fixture.JudgeNeeds();
        (await fixture.Price(anna)).ShouldBe("inferred high");

        (await fixture.SayNeed(anna, "price/contest", new { reason = "bought-gifts" })).EnsureSuccessStatusCode();
        (await fixture.Price(anna)).ShouldBe("contested");
        (await fixture.Listed("", anna)).ShouldBeEmpty();
        await fixture.Someone(orders: 1);
        await fixture.JudgeNeeds();
        (await fixture.Price(anna)).ShouldBe("contested", "a run does not ask orders any more");

        (await fixture.SayNeed(anna, "quality/declare", new { by = "customer", source = "survey-2026" })).EnsureSuccessStatusCode();
        (await fixture.SayNeed(anna, "quality/declare", new { by = "customer", source = "survey-2026" })).EnsureSuccessStatusCode();
        (await fixture.Get($"customers/{anna}/needs")).GetProperty("primary").GetString().ShouldBe("quality");

        (await fixture.SayNeed(anna, "price/reopen")).EnsureSuccessStatusCode();
        (await fixture.Price(anna)).ShouldBe("none", "the next run infers");
        await fixture.JudgeNeeds(expected: HttpStatusCode.OK);
        (await fixture.Price(anna)).ShouldBe("inferred high", "the same run judges again whoever may be judged again");
        await fixture.JudgeNeeds(expected: HttpStatusCode.OK);
        (await fixture.ToldOfNeeds(anna)).ShouldBe([
            "price inferred high",
            "",
            "quality declared",
            "price inferred high, quality declared",
        ]);
        (await fixture.SayNeed(Guid.CreateVersion7(), "price/contest")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await fixture.SayNeed(anna, "cheapness/contest")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task who_refuses_to_be_profiled_has_no_inferred_need_from_then_on()
    {
        await Shop();
        var bert = await fixture.Someone(orders: 8, discounted: 8);
        await fixture.SayNeed(bert, "brand/declare", new { by = "agent", source = "call" });
        await fixture.JudgeNeeds();
        (await fixture.Price(bert)).ShouldBe("inferred high");

        await fixture.Hear("customers", new Contracts.ConsentChanged(bert, "personalisation", "email", false, "v1", Now));
        await fixture.Settle();
        (await fixture.Price(bert)).ShouldBe("refused");
        (await fixture.PriceShown(bert)).GetProperty("measured").ValueKind.ShouldBe(JsonValueKind.Null);
        (await fixture.Listed("", bert)).ShouldBeEmpty();
        await fixture.Someone(orders: 1);
        await fixture.JudgeNeeds();
        (await fixture.ToldOfNeeds(bert)).ShouldBe(["brand declared", "brand declared, price inferred high", "brand declared"]);

        await fixture.Hear("customers", new Contracts.ConsentChanged(bert, "personalisation", "email", true, "v1", Now));
        await fixture.Someone(orders: 1);
        await fixture.JudgeNeeds();
        (await fixture.Price(bert)).ShouldBe("inferred high");
    }

    [Fact]
    public async Task what_is_told_late_or_comes_back_counts_from_the_next_run_on()
    {
        await Shop();
        var (carla, late) = (Guid.CreateVersion7(), Now.AddDays(-300));
        var orders = NeedsWorld.Orders(carla, 4, 4, Now);
        await fixture.Hear("customers", [new Contracts.CustomerRegistered(carla, "individual", null, Now.AddDays(-400)), .. orders]);
        await fixture.JudgeNeeds();
        (await fixture.Price(carla)).ShouldBe("unknown", "four orders");

        Contracts.PurchaseRecorded[] more = [NeedsWorld.Order(carla, true, late), NeedsWorld.Order(carla, true, late)];
        await fixture.Hear("customers", [.. more, NeedsWorld.Order(carla, true, Now.AddDays(-366))]);
        await fixture.Settle();
        (await fixture.PriceShown(carla)).GetProperty("measured").GetProperty("orders").GetInt32().ShouldBe(4, "as the run counted");
        await fixture.JudgeNeeds();
        var shown = await fixture.PriceShown(carla);
        shown.GetProperty("measured").GetProperty("orders").GetInt32().ShouldBe(6, "one is too old");
        shown.GetProperty("measured").GetProperty("evidence")[0].GetGuid().ShouldBe(orders[3].PurchaseId);
        shown.GetProperty("state").GetString().ShouldBe("inferred");

        await fixture.Hear(
            "customers",
            GroupWorld.Returned(more[0], 20, wholly: true, Now),
            GroupWorld.Returned(orders[0], 5, wholly: false, Now),
            GroupWorld.Retracted(more[1])
        );
        await fixture.Settle();
        (await fixture.Price(carla)).ShouldStartWith("inferred");
        await fixture.JudgeNeeds();
        (await fixture.Price(carla)).ShouldBe("unknown");
        (await fixture.Store.FetchStream(CustomerNeeds.Of(carla).Id))
            .Select(e => e.Data)
            .OfType<NeedGone>()
            .ShouldHaveSingleItem()
            .Reason.ShouldBe("unknown");
    }

    [Fact]
    public async Task customers_who_are_one_are_judged_under_the_survivor_and_apart_again()
    {
        await Shop();
        var (dora, emil) = (await fixture.Someone(orders: 3, discounted: 3), await fixture.Someone(orders: 6, discounted: 6));
        await fixture.SayNeed(emil, "brand/declare", new { by = "customer", source = "survey" });
        await fixture.JudgeNeeds();
        (await fixture.Price(dora), await fixture.Price(emil)).ShouldBe(("unknown", "inferred high"));

        await fixture.Hear("customers", [.. GroupWorld.Linked(Now, dora, emil)]);
        await fixture.Settle();
        (await fixture.Listed("", dora, emil)).ShouldBeEmpty("until the next run");
        (await fixture.ToldOfNeeds(emil))[^1].ShouldBe("");
        (await fixture.ToldOfNeeds(dora))[^1].ShouldBe("brand declared", "what a member says holds for all");
        await fixture.JudgeNeeds();
        (await fixture.Listed("&band=high", dora, emil)).ShouldBe([dora]);
        foreach (var id in new[] { dora, emil })
            (await fixture.PriceShown(id)).GetProperty("measured").GetProperty("orders").GetInt32().ShouldBe(9);

        await fixture.Hear("customers", new Contracts.ConsentChanged(emil, "profiling", "sms", false, "v1", Now));
        await fixture.Settle();
        (await fixture.Price(dora)).ShouldBe("refused", "one of them is enough");
        (await fixture.Listed("", dora, emil)).ShouldBeEmpty();
        (await fixture.SayNeed(emil, "price/contest")).EnsureSuccessStatusCode();
        (await fixture.Price(dora)).ShouldBe("contested");
        (await fixture.Listed("", dora, emil)).ShouldBeEmpty();

        await fixture.Hear("customers", [.. GroupWorld.Parted(Now, dora, emil)]);
        await fixture.Settle();
        await fixture.JudgeNeeds();
        (await fixture.Price(dora), await fixture.Price(emil)).ShouldBe(("unknown", "contested"));
        (await fixture.ToldOfNeeds(emil))[^1].ShouldBe("brand declared");
        (await fixture.ToldOfNeeds(dora))[^1].ShouldBe("");
    }

    [Fact]
    public async Task who_was_forgotten_is_judged_no_more_and_an_export_has_what_was_inferred()
    {
        await Shop();
        var (fred, gina) = (await fixture.Someone(orders: 9, discounted: 9), await fixture.Someone(orders: 3, discounted: 3));
        await fixture.Hear("customers", [.. GroupWorld.Linked(Now, gina, fred)]);
        await fixture.Settle();
        await fixture.JudgeNeeds();
        (await fixture.Price(gina)).ShouldBe("inferred high");
        var held = await fixture.Http("personal.export").GetFromJsonAsync<JsonElement>($"/api/segmentation/customers/{gina}/personal");
        held.GetRawText().ShouldContain("need_inferred");

        await fixture.Hear("customers", new Contracts.CustomerForgotten(fred, Now));
        await fixture.Settle();
        await fixture.JudgeNeeds();
        (await fixture.Price(gina)).ShouldBe("unknown", "three orders of her own");
        await fixture.Hear("customers", new Contracts.CustomerForgotten(gina, Now), NeedsWorld.Order(gina, true, Now));
        await fixture.Settle();
        await fixture.JudgeNeeds();
        (await fixture.Listed("", fred, gina)).ShouldBeEmpty();
        (await fixture.Http("segmentation.read").GetAsync($"/api/segmentation/customers/{gina}/needs")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await fixture.SayNeed(gina, "price/declare", new { by = "agent", source = "call" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
