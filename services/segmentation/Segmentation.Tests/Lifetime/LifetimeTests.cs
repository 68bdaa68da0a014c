using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrmPlatform.Segmentation.Lifetime;
using CrmPlatform.Segmentation.Tests.Groups;

namespace CrmPlatform.Segmentation.Tests.Lifetime;

/// <summary>The shop of the papers, through the broker into the room. A room of its own.</summary>
public class LifetimeTests(LifetimeRoom fixture) : IClassFixture<LifetimeRoom>
{
    [Fact]
    public async Task the_room_finds_what_was_published()
    {
        var id = await fixture.Fit(new { asOf = "1997-09-30" });
        (
            await fixture.Fit(
                new
                {
                    asOf = "1997-09-30",
                    kind = "mbg",
                    margin = 1.00m,
                },
                HttpStatusCode.OK
            )
        ).ShouldBe(id, "the same data");
        var model = await fixture.Get($"lifetime/models/{id}");
        model.GetProperty("customers").GetInt32().ShouldBe(2357);
        model.GetProperty("state").GetString().ShouldBe("computed");
        var p = model.GetProperty("purchases");
        p.GetProperty("patterns").GetInt32().ShouldBe(1016);
        p.GetProperty("logLikelihood").GetDouble().ShouldBe(-9582.1357, 1e-3);
        p.GetProperty("r").GetDouble().ShouldBe(0.524843, 5e-4);
        var value = model.GetProperty("value");
        value.GetProperty("logLikelihood").GetDouble().ShouldBe(-4055.9177, 1e-3);
        value.GetProperty("correlated").GetBoolean().ShouldBeFalse();
        model.GetProperty("calibration").GetProperty("measured").GetProperty("customers").GetInt32().ShouldBeLessThan(2357, "the young");
        // 26 weeks before this day nobody had bought anything.
        var early = await fixture.Get($"lifetime/models/{await fixture.Fit(new { asOf = "1997-06-30" })}");
        early.GetProperty("calibration").GetProperty("missing").GetString().ShouldBe("too-few");

        var (bg, half) = (
            await fixture.Fit(new { asOf = "1997-09-30", kind = "bg" }),
            await fixture.Fit(new { asOf = "1997-09-30", margin = 0.5 })
        );
        new[] { id, bg, half }.Distinct().Count().ShouldBe(3);
        (await fixture.Get($"lifetime/models/{bg}"))
            .GetProperty("purchases")
            .GetProperty("logLikelihood")
            .GetDouble()
            .ShouldBe(-9582.4292, 1e-3);
        var first = await fixture.Get("lifetime/models?limit=2");
        first.GetProperty("items").GetArrayLength().ShouldBe(2);
        first.GetProperty("items")[0].GetProperty("id").GetGuid().ShouldBe(half);
    }

    [Fact]
    public async Task a_model_is_active_until_another_one_is()
    {
        var (one, two) = (await fixture.Fit(new { asOf = "1998-06-29" }), await fixture.Fit(new { asOf = "1998-06-30" }));
        (await fixture.Client.PostAsync($"{LifetimeRoom.Models}/{one}/activate", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Client.PostAsync($"{LifetimeRoom.Models}/{one}/activate", null)).StatusCode.ShouldBe(HttpStatusCode.OK, "it is");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.Client.PostAsync($"{LifetimeRoom.Models}/{two}/activate", null)));
        await fixture.Daemon.Rebuild("lifetime-models");
        (await State(one), await State(two)).ShouldBe(("superseded", "active"));
        (await LifetimeRoom.Refused(await fixture.Client.PostAsync($"{LifetimeRoom.Models}/{one}/activate", null))).ShouldBe(
            "model-settled"
        );
        (
            await LifetimeRoom.Refused(await fixture.Client.PostAsJsonAsync($"{LifetimeRoom.Models}/{one}/reject", new { reason = "old" }))
        ).ShouldBe("model-settled");
        (
            await LifetimeRoom.Refused(
                await fixture.Client.PostAsync($"{LifetimeRoom.Models}/{Guid.CreateVersion7()}/activate", null),
                HttpStatusCode.NotFound
            )
        ).ShouldBe("not-found");

        // The calibration is that of a fit which knew nothing of the window.
        var c = (await fixture.Get($"lifetime/models/{two}")).GetProperty("calibration");
        c.GetProperty("after").GetString().ShouldBe("1997-12-30");
        var measured = c.GetProperty("measured");
        var tried = Cdnow.AsOf(new(1997, 12, 30));
        var fit = PurchaseFit.Of(ModelKind.Mbg, PurchasePattern.Of(tried.Select(t => (t.X, t.Recency, t.Age))));
        var expected = Calibration.Of(fit.Model, null, 26, tried);
        measured.GetProperty("customers").GetInt32().ShouldBe(2357);
        measured.GetProperty("observedPurchases").GetInt64().ShouldBe(expected.ObservedPurchases);
        measured.GetProperty("predictedPurchases").GetDouble().ShouldBe(expected.PredictedPurchases, 0.02);
        measured.GetProperty("brier").GetDouble().ShouldBe(expected.Brier, 1e-4);
        measured.GetProperty("skill").GetDouble().ShouldBe(expected.Skill!.Value, 2e-4);
        measured.GetProperty("auc").GetDouble().ShouldBe(expected.Auc!.Value, 1e-4);

        var deciles = await fixture.Get("lifetime/deciles");
        deciles.GetProperty("modelId").GetGuid().ShouldBe(two);
        var rows = deciles.GetProperty("deciles").EnumerateArray().ToList();
        rows.Count.ShouldBe(10);
        rows.Sum(r => r.GetProperty("share").GetDecimal()).ShouldBe(1);
        rows.Sum(r => r.GetProperty("customers").GetInt32()).ShouldBe(deciles.GetProperty("customers").GetInt32());
        rows.Sum(r => r.GetProperty("backTest").GetProperty("observed").GetInt64()).ShouldBe(expected.ObservedPurchases);
        rows.Zip(rows.Skip(1)).ShouldAllBe(r => r.First.GetProperty("lowest").GetDecimal() >= r.Second.GetProperty("lowest").GetDecimal());

        (
            await fixture.Client.PostAsJsonAsync($"{LifetimeRoom.Models}/{two}/reject", new { reason = "badly-calibrated" })
        ).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await fixture.Get($"lifetime/models/{two}")).GetProperty("reason").GetString().ShouldBe("badly-calibrated");
        (await LifetimeRoom.Refused(await fixture.Client.GetAsync("/api/segmentation/lifetime/deciles"))).ShouldBe("model-not-active");
        (await LifetimeRoom.Refused(await fixture.Client.GetAsync($"/api/segmentation/customers/{CdnowShop.Id(0)}/lifetime"))).ShouldBe(
            "model-not-active"
        );

        // Two at once: one is active, whichever it is.
        var rivals = new[] { await fixture.Fit(new { asOf = "1998-06-28" }), await fixture.Fit(new { asOf = "1998-06-27" }) };
        var answers = await Task.WhenAll(rivals.Select(r => fixture.Client.PostAsync($"{LifetimeRoom.Models}/{r}/activate", null)));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        new[] { await State(rivals[0]), await State(rivals[1]) }.Order().ShouldBe(["active", "superseded"]);

        async Task<string> State(Guid id) => (await fixture.Get($"lifetime/models/{id}")).GetProperty("state").GetString()!;
    }

    [Fact]
    public async Task one_fit_at_a_time_and_the_same_is_one_model()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => fixture.Client.PostAsJsonAsync(LifetimeRoom.Models, new { asOf = "1998-05-31" }))
        );
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(a => a.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        answers.Except(refused).ShouldAllBe(a => a.IsSuccessStatusCode);
    }

    [Fact]
    public async Task what_cannot_be_fitted_is_refused_and_leaves_no_trace()
    {
        var before = (await fixture.Get("lifetime/models?limit=200")).GetProperty("items").GetArrayLength();
        (await LifetimeRoom.Refused(await fixture.Client.PostAsJsonAsync(LifetimeRoom.Models, new { asOf = "1997-01-20" }))).ShouldBe(
            "too-few"
        );
        (await LifetimeRoom.Refused(await fixture.Client.PostAsJsonAsync(LifetimeRoom.Models, new { asOf = "1990-01-01" }))).ShouldBe(
            "too-few"
        );
        (await LifetimeRoom.Refused(await fixture.Client.PostAsJsonAsync(LifetimeRoom.Models, new { asOf = "2999-01-01" }))).ShouldBe(
            "as-of-in-the-future"
        );
        foreach (
            var body in new[]
            {
                """{"kind":"pareto"}""",
                """{"margin":0}""",
                """{"margin":1.1}""",
                """{"asOf":"soon"}""",
                """{"day":"1997-09-30"}""",
            }
        )
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            var answer = await fixture.Client.PostAsync(LifetimeRoom.Models, content);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
            (await LifetimeRoom.Refused(answer, HttpStatusCode.BadRequest)).ShouldBe("invalid-request");
        }
        foreach (
            var path in new[]
            {
                $"customers/{CdnowShop.Id(0)}/lifetime?asOf=2999-01-01",
                "lifetime/models?after=x",
                "lifetime/models?limit=0",
            }
        )
            (await LifetimeRoom.Refused(await fixture.Client.GetAsync("/api/segmentation/" + path), HttpStatusCode.BadRequest)).ShouldBe(
                "invalid-request"
            );
        (await fixture.Get("lifetime/models?limit=200")).GetProperty("items").GetArrayLength().ShouldBe(before);
    }
}
