using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Segmentation.Grading;
using CrmPlatform.Segmentation.Tests.Groups;
using CrmPlatform.Segmentation.Tests.Lifetime;
using static CrmPlatform.Segmentation.Tests.LifeOfTheRoomTests;

namespace CrmPlatform.Segmentation.Tests.Grading;

/// <summary>What people say stands until its end; who is merged, returns everything or is forgotten leaves.</summary>
public class OverrideTests(SegmentationFixture fixture) : IClassFixture<SegmentationFixture>
{
    DateTimeOffset Now => fixture.Clock.GetUtcNow();

    /// <summary>A customer with a grade of B: 500 of 1,000, 3 of 10 orders.</summary>
    async Task<Guid> Graded(string code)
    {
        var id = Guid.CreateVersion7();
        await fixture.Publish(code, GradingWorld.Plain);
        await fixture.Hear("customers", [.. Enumerable.Range(0, 3).Select(i => Purchase(id, i == 0 ? 300 : 100, Now.AddDays(-i - 3)))]);
        await fixture.Settle();
        await fixture.Grade(code);
        (await fixture.Stands(id, code)).ShouldBe(("B", "B"));
        return id;
    }

    [Fact]
    public async Task an_override_stands_whatever_runs_find_and_ends_at_its_own_instant()
    {
        var id = await Graded("stands");
        var until = Now.AddDays(10);
        (await fixture.Say(id, "stands", "S", until)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Say(id, "stands", "S", until)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Stands(id, "stands")).ShouldBe(("S", "B"));
        (await fixture.Told(id, "stands")).Count.ShouldBe(2, "the same again changes nothing");

        // A run finds A: it is shown beside, and nobody is told.
        await fixture.Hear("customers", Purchase(id, 500, Now.AddMinutes(-1)));
        var preview = await fixture.Preview("stands");
        await fixture.Settle();
        preview.GetProperty("held").GetInt32().ShouldBe(1);
        preview.GetProperty("moves").EnumerateArray().ShouldAllBe(m => m.GetProperty("from").ValueKind == JsonValueKind.Null);
        await fixture.Grade("stands");
        (await fixture.Stands(id, "stands")).ShouldBe(("S", "A"));
        (await fixture.Told(id, "stands")).Count.ShouldBe(2);
        var shown = (await fixture.Get($"customers/{id}/grades"))
            .EnumerateArray()
            .Single(g => g.GetProperty("scheme").GetString() == "stands");
        shown.GetProperty("override").GetProperty("reason").GetString().ShouldBe("key-account");
        shown.GetProperty("override").GetProperty("by").GetString().ShouldNotBeNullOrEmpty();
        (await fixture.Counts("stands"))["S"].ShouldBeGreaterThan(0);
        var members = (await fixture.Get("grade-schemes/stands/members?grade=S")).GetProperty("items").EnumerateArray().ToList();
        members.Single(m => m.GetProperty("customerId").GetGuid() == id).GetProperty("overridden").GetBoolean().ShouldBeTrue();

        (await fixture.RunDue<EndOverrides>()).ShouldBe(0);
        fixture.Clock.Advance(TimeSpan.FromDays(30));
        (await fixture.RunDue<EndOverrides>()).ShouldBeGreaterThanOrEqualTo(2);
        (await fixture.RunDue<EndOverrides>()).ShouldBe(0);
        (await fixture.Stands(id, "stands")).ShouldBe(("A", "A"));
        var last = (await fixture.Told(id, "stands"))[^1];
        (last.From, last.To, last.Cause).ShouldBe(("S", "A", "override-ended"));
        last.At.ShouldBe(until, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task an_override_that_is_withdrawn_leaves_what_was_computed_or_nothing()
    {
        var id = await Graded("withdrawn");
        await fixture.Say(id, "withdrawn", "C", Now.AddDays(400).AddSeconds(-5));
        (await End(id, "withdrawn")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await End(id, "withdrawn")).StatusCode.ShouldBe(HttpStatusCode.OK, "there is none");
        (await fixture.Told(id, "withdrawn"))
            .Select(t => (t.From, t.To, t.Cause))
            .ShouldBe([(null, "B", "run"), ("B", "C", "override"), ("C", "B", "override-ended")]);

        var prospect = Guid.CreateVersion7();
        await fixture.Hear("customers", new Contracts.CustomerRegistered(prospect, "individual", null, Now));
        await fixture.Settle();
        (await fixture.Say(prospect, "withdrawn", "S", Now.AddDays(1))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Stands(prospect, "withdrawn")).ShouldBe(("S", null));
        await End(prospect, "withdrawn");
        (await fixture.Stands(prospect, "withdrawn")).ShouldBeNull();
        (await fixture.Told(prospect, "withdrawn")).Select(t => (t.From, t.To)).ShouldBe([(null, "S"), ("S", "C")], "the last grade");
    }

    Task<HttpResponseMessage> End(Guid id, string code) =>
        fixture.Http("segmentation.grading.override").DeleteAsync($"/api/segmentation/customers/{id}/grades/{code}");

    [Fact]
    public async Task what_cannot_be_said_is_refused_and_leaves_no_trace()
    {
        var id = await Graded("refused");
        var before = await fixture.Told(id, "refused");
        (await LifetimeRoom.Refused(await fixture.Say(id, "refused", "S", Now.AddDays(401)))).ShouldBe("override-too-long");
        (await LifetimeRoom.Refused(await fixture.Say(id, "refused", "S", Now.AddMinutes(-1)))).ShouldBe("override-over");
        (await LifetimeRoom.Refused(await fixture.Say(id, "refused", "Gold", Now.AddDays(1)))).ShouldBe("grade-unknown");
        foreach (var (who, code) in new[] { (id, "nobodys"), (Guid.CreateVersion7(), "refused") })
            (await LifetimeRoom.Refused(await fixture.Say(who, code, "S", Now.AddDays(1)), HttpStatusCode.NotFound)).ShouldBe("not-found");
        (await fixture.Say(id, "refused", "S", Now.AddDays(1), "He is my friend")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await fixture.Told(id, "refused")).ShouldBe(before);
    }

    [Fact]
    public async Task who_is_merged_leaves_and_is_graded_again_when_alone()
    {
        var (anna, bert) = (await Graded("merged"), await Graded("merged"));
        await fixture.Say(anna, "merged", "S", Now.AddDays(30));
        await fixture.Say(bert, "merged", "A", Now.AddDays(30));
        var customers = (await fixture.Counts("merged")).Values.Sum();
        await fixture.Hear("customers", [.. GroupWorld.Linked(Now, anna, bert)]);
        await fixture.Settle();
        (await fixture.Stands(bert, "merged")).ShouldBe(("S", "B"), "that of the survivor");
        (await fixture.Counts("merged")).Values.Sum().ShouldBe(customers - 1);
        (await fixture.Told(bert, "merged"))[^1].To.ShouldBe("C");
        await fixture.Grade("merged");
        (await fixture.Stands(bert, "merged")).ShouldBe(("S", "S"), "1,000 and 6 orders: 80");
        var why = await fixture.Get($"customers/{bert}/grades/merged/why");
        (why.GetProperty("customerId").GetGuid(), why.GetProperty("score").GetDecimal()).ShouldBe((anna, 80));
        (await fixture.Say(bert, "merged", "B", Now.AddDays(30))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Stands(anna, "merged"))!.Value.Stands.ShouldBe("B", "they have one grade");

        await fixture.Hear("customers", [.. GroupWorld.Parted(Now, anna, bert)]);
        await fixture.Settle();
        (await fixture.Stands(bert, "merged")).ShouldBeNull();
        await fixture.Grade("merged");
        (await fixture.Stands(bert, "merged")).ShouldBe(("B", "B"));
        (await fixture.Stands(anna, "merged")).ShouldBe(("B", "B"));
    }

    [Fact]
    public async Task who_returned_everything_or_was_forgotten_is_graded_no_more()
    {
        var (gone, forgotten, held) = (Guid.CreateVersion7(), await Graded("gone"), Guid.CreateVersion7());
        Contracts.PurchaseRecorded[] bought = [Purchase(gone, 900, Now.AddDays(-2)), Purchase(held, 900, Now.AddDays(-2))];
        await fixture.Hear("customers", [.. bought]);
        await fixture.Run();
        await fixture.Grade("gone");
        await fixture.Say(held, "gone", "S", Now.AddDays(30));
        await fixture.Say(forgotten, "gone", "S", Now.AddDays(1));
        await fixture.Hear("customers", [.. bought.Select(p => GroupWorld.Returned(p, 900, wholly: true, Now.AddMinutes(-1)))]);
        await fixture.Settle();
        (await fixture.Stands(gone, "gone")).ShouldBeNull();
        (await fixture.Stands(held, "gone")).ShouldBe(("S", null), "what people said stands");
        (await fixture.Told(held, "gone"))
            .Select(t => (t.From, t.To))
            .ShouldBe([(null, "B"), ("B", "S"), (null, "S")], "told again after the population was left");

        await fixture.Hear("customers", new Contracts.CustomerForgotten(forgotten, Now));
        await fixture.Settle();
        var before = (await fixture.Store.FetchStream(CustomerGrade.Of(forgotten, "gone").Id)).Count;
        (await fixture.Get($"customers/{forgotten}/grades")).GetArrayLength().ShouldBe(0);
        (await fixture.Say(forgotten, "gone", "A", Now.AddDays(1))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        await fixture.RunDue<EndOverrides>();
        // A decision that was on its way when they were forgotten.
        await fixture.Store.Execute([
            CustomerGrade.About(forgotten, "gone", (_, _) => [new OverrideEnded(forgotten, "gone", "until", Now)]),
        ]);
        await fixture.Hear("customers", Purchase(gone, 5, Now.AddMinutes(-1)));
        await fixture.Settle();
        await fixture.Grade("gone");
        (await fixture.Store.FetchStream(CustomerGrade.Of(forgotten, "gone").Id)).Count.ShouldBe(before);
        (await fixture.Http("segmentation.read").GetAsync($"/api/segmentation/customers/{forgotten}/grades/gone/why")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await fixture.Get("grade-schemes/gone/members?limit=200"))
            .GetProperty("items")
            .EnumerateArray()
            .ShouldNotContain(m => m.GetProperty("customerId").GetGuid() == forgotten);
        (await fixture.Stands(gone, "gone")).ShouldBe(("C", "C"));
        await fixture.Daemon.Rebuild("standing-grades");
        (await fixture.Get($"customers/{forgotten}/grades")).GetArrayLength().ShouldBe(0);
    }
}
