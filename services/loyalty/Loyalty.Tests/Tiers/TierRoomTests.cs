using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Programme;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests.Tiers;

/// <summary>A room of its own: tiers are published in it, and its clock is moved.</summary>
public class TierRoomTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    Task<HttpResponseMessage> Post(string path, object body) => room.Everything.PostAsJsonAsync("/api/loyalty/" + path, body);

    async Task<JsonElement> Ok(string path, object body)
    {
        var answer = await Post(path, body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    async Task<(string Code, string? Field)> Refused(string path, object body)
    {
        var answer = await Post(path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, await answer.Content.ReadAsStringAsync());
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (
            problem.GetProperty("type").GetString()!.Split('/', ':')[^1],
            problem.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().First().Name : null
        );
    }

    async Task<long> Events()
    {
        await using var connection = await room.Db.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from mt_events");
    }

    async Task<string> Tier(Guid customer) => (await room.Get($"accounts/{customer}")).GetProperty("tier").GetString()!;

    [Fact]
    public async Task a_preview_of_a_scheme_is_what_its_publication_then_does_and_the_clock_brings_it_to_everybody_once()
    {
        Guid[] customers = [await room.Customer(600), await room.Customer(2500), await room.Customer(100), await room.Customer(300, 300)];
        await Ok($"accounts/{customers[2]}/tier", new { tier = "Gold", reason = "press" });
        var from = room.Clock.GetUtcNow().AddMinutes(5);
        var draft = new
        {
            effectiveFrom = from,
            scheme = new
            {
                window = "Rolling",
                months = 6,
                graceDays = 10,
                tiers = new object[]
                {
                    new { name = "Bronze" },
                    new { name = "Silver", from = 200 },
                    new
                    {
                        name = "Gold",
                        from = 550,
                        benefits = new { priorityService = true, access = new[] { "lounge" } },
                    },
                    new { name = "Diamond", from = 2400 },
                },
            },
        };
        var facts = await Events();
        var preview = await Ok("tiers/schemes/preview", draft);
        (await Events()).ShouldBe(facts, "a preview writes nothing");
        var movers = preview
            .GetProperty("movers")
            .EnumerateArray()
            .Where(m => customers.Contains(m.GetProperty("customerId").GetGuid()))
            .ToDictionary(m => m.GetProperty("customerId").GetGuid(), m => m.GetProperty("toTier").GetString()!);
        movers
            .OrderBy(m => m.Key)
            .ShouldBe(
                new Dictionary<Guid, string>
                {
                    [customers[0]] = "Gold",
                    [customers[1]] = "Diamond",
                    [customers[3]] = "Gold",
                }.OrderBy(m => m.Key)
            );

        var published = await Post("tiers/schemes", draft);
        published.StatusCode.ShouldBe(HttpStatusCode.Created, await published.Content.ReadAsStringAsync());
        var version = int.Parse(published.Headers.Location!.ToString().Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        (await Refused("tiers/schemes", draft)).Code.ShouldBe("effective-date-taken");
        await room.Services.GetRequiredService<FollowProgramme>().Run(default);
        (await Tier(customers[0])).ShouldBe("Silver", "not yet");
        room.Clock.Advance(TimeSpan.FromMinutes(6));
        (await room.RunDue<PassTime>()).ShouldBeGreaterThan(0);
        (await room.RunDue<PassTime>()).ShouldBe(0, "everybody lives by it now");
        foreach (var (customer, tier) in movers)
            (await Tier(customer)).ShouldBe(tier);
        (await room.Store.FetchStream(customers[0]))
            .Select(e => e.Data)
            .OfType<TierChanged>()
            .Last()
            .OccurredAt.ShouldBe(from, "dated at the instant when it took effect");

        var standing = await room.Get($"accounts/{customers[0]}/tier");
        (
            standing.GetProperty("tier").GetString(),
            standing.GetProperty("qualifyingPoints").GetInt64(),
            standing.GetProperty("pointsToNext").GetInt64(),
            standing.GetProperty("projectedTier").GetString()
        ).ShouldBe(("Gold", 600, 1800, "Silver"));
        standing.GetProperty("benefits").GetProperty("access").EnumerateArray().Single().GetString().ShouldBe("lounge");
        var account = await room.Get($"accounts/{customers[0]}");
        account.GetProperty("tierExpiresAt").GetDateTimeOffset().ShouldBe(standing.GetProperty("expiresAt").GetDateTimeOffset());
        account.GetProperty("stayInTierPoints").GetInt64().ShouldBe(550);
        (await room.Get($"accounts/{customers[0]}/tier?asOf={Uri.EscapeDataString(from.AddSeconds(-1).ToString("O"))}"))
            .GetProperty("tier")
            .GetString()
            .ShouldBe("Silver", "as it was before");
        (await room.Get($"accounts/{customers[2]}/tier"))
            .GetProperty("assigned")
            .GetProperty("reason")
            .GetString()
            .ShouldBe("press", "a given tier stands apart");

        var schemes = (await room.Get("tiers/schemes")).EnumerateArray().ToList();
        schemes
            .Select(s => (s.GetProperty("version").GetInt32(), s.GetProperty("inForce").GetBoolean(), s.GetProperty("origin").GetString()))
            .ShouldBe([(1, false, "settings"), (version, true, "published")]);
        (await Refused($"tiers/schemes/{version}/withdraw", new { })).Code.ShouldBe("scheme-in-force");

        // Half a year on: grace, then down, by whatever replica's clock comes first.
        room.Clock.Advance(TimeSpan.FromDays(190));
        await Task.WhenAll(room.RunDue<PassTime>(), room.RunDue<PassTime>());
        (await room.Get($"accounts/{customers[0]}/tier")).GetProperty("graceUntil").ValueKind.ShouldBe(JsonValueKind.String);
        room.Clock.Advance(TimeSpan.FromDays(10));
        await Task.WhenAll(room.RunDue<PassTime>(), room.RunDue<PassTime>());
        (await Tier(customers[0])).ShouldBe("Silver");
        (await Tier(customers[1])).ShouldBe("Gold");
        (await Tier(customers[2])).ShouldBe("Gold", "given, not earned");
        (await room.Store.FetchStream(customers[0])).Select(e => e.Data).OfType<TierGraceBegun>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task a_tier_is_given_and_lifted_and_the_others_hear_why()
    {
        var customer = await room.Customer(600);
        var until = room.Clock.GetUtcNow().AddDays(30);
        await Ok(
            $"accounts/{customer}/tier",
            new
            {
                tier = "Platinum",
                reason = "compensation",
                until,
            }
        );
        var account = await room.Get($"accounts/{customer}");
        (
            account.GetProperty("tier").GetString(),
            account.GetProperty("projectedTier").GetString(),
            account.GetProperty("tierExpiresAt").GetDateTimeOffset()
        ).ShouldBe(("Platinum", "Silver", until));
        (await Refused($"accounts/{customer}/tier", new { tier = "Wood", reason = "x" })).Code.ShouldBe("unknown-tier");
        (
            await Refused(
                $"accounts/{customer}/tier",
                new
                {
                    tier = "Gold",
                    reason = "x",
                    until = room.Clock.GetUtcNow().AddDays(-1),
                }
            )
        ).Code.ShouldBe("already-over");
        (await Post($"accounts/{customer}/tier", new { tier = "Gold", reason = "Not a code" })).StatusCode.ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await Post($"accounts/{Guid.CreateVersion7()}/tier", new { tier = "Gold", reason = "x" })).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        await Ok($"accounts/{customer}/tier/release", new { reason = "mistake" });
        (await Tier(customer)).ShouldBe("Silver");
        (await Refused($"accounts/{customer}/tier/release", new { reason = "mistake" })).Code.ShouldBe("tier-not-assigned");
        (await room.Store.FetchStream(customer))
            .Select(LoyaltyFeed.Translate)
            .Select(f => f?.Contract)
            .OfType<Contracts.TierChanged>()
            .Select(t => (t.From, t.To, t.Reason))
            .ShouldBe([
                (null, "Bronze", "joined"),
                ("Bronze", "Silver", "qualified"),
                ("Silver", "Platinum", "manual"),
                ("Platinum", "Silver", "manual-ended"),
            ]);
        await room.CatchUp();
        (await room.Get($"accounts/{customer}/statement?kind=tier"))
            .GetProperty("items")
            .EnumerateArray()
            .Select(e => e.GetProperty("note").GetString())
            .ShouldBe(["Silver", "Platinum", "Silver"]);
    }

    [Fact]
    public async Task schemes_that_do_not_hold_together_are_refused_and_withdrawn_ones_are_gone()
    {
        object Draft(object scheme, double days = 4000) => new { effectiveFrom = room.Clock.GetUtcNow().AddDays(days), scheme };
        var tiers = new object[] { new { name = "Bronze" } };
        (await Refused("tiers/schemes", Draft(new { tiers = Array.Empty<object>() }))).Code.ShouldBe("invalid-scheme");
        (
            await Refused(
                "tiers/schemes",
                Draft(
                    new
                    {
                        window = "Calendar",
                        months = 5,
                        tiers,
                    }
                )
            )
        ).Code.ShouldBe("invalid-scheme");
        (
            await Refused(
                "tiers/schemes",
                Draft(
                    new
                    {
                        window = "Rolling",
                        months = 36,
                        tiers,
                    }
                )
            )
        ).Code.ShouldBe("invalid-scheme");
        (await Refused("tiers/schemes", Draft(new { tiers }, days: 0))).Code.ShouldBe("effective-too-soon");
        (await Post("tiers/schemes", new { effectiveFrom = room.Clock.GetUtcNow().AddDays(1) })).StatusCode.ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await Post("tiers/schemes", Draft(new { window = "Weekly", tiers }))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var location = (await Post("tiers/schemes", Draft(new { tiers }))).Headers.Location!.ToString();
        await Ok(location["/api/loyalty/".Length..] + "/withdraw", new { });
        (await room.Everything.GetAsync(location)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
