using System.Net;
using System.Text.Json;
using CrmPlatform.Loyalty.Programme;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests.Tiers;

/// <summary>A room of its own: tiers are published in it, and its clock is moved.</summary>
public class SchemeRoomTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task a_preview_of_a_scheme_is_what_its_publication_then_does()
    {
        Guid[] customers = [await room.Customer(600), await room.Customer(2500), await room.Customer(100), await room.Customer(300, 300)];
        await room.Ok($"accounts/{customers[2]}/tier", new { tier = "Gold", reason = "press" });
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
        var facts = await room.Events();
        var preview = await room.Ok("tiers/schemes/preview", draft);
        (await room.Events()).ShouldBe(facts, "a preview writes nothing");
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

        var published = await room.Post("tiers/schemes", draft);
        published.StatusCode.ShouldBe(HttpStatusCode.Created, await published.Content.ReadAsStringAsync());
        var version = int.Parse(published.Headers.Location!.ToString().Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        (await room.Refused("tiers/schemes", draft)).Code.ShouldBe("effective-date-taken");
        await room.Services.GetRequiredService<FollowProgramme>().Run(default);
        (await room.Tier(customers[0])).ShouldBe("Silver", "not yet");
        room.Clock.Advance(TimeSpan.FromMinutes(6));
        (await room.RunDue<PassTime>()).ShouldBeGreaterThan(0);
        (await room.RunDue<PassTime>()).ShouldBe(0, "everybody lives by it now");
        foreach (var (customer, tier) in movers)
            (await room.Tier(customer)).ShouldBe(tier);
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
        (await room.Refused($"tiers/schemes/{version}/withdraw", new { })).Code.ShouldBe("scheme-in-force");

        // Half a year on: grace, then down, by whatever replica's clock comes first.
        room.Clock.Advance(TimeSpan.FromDays(190));
        await Task.WhenAll(room.RunDue<PassTime>(), room.RunDue<PassTime>());
        (await room.Get($"accounts/{customers[0]}/tier")).GetProperty("graceUntil").ValueKind.ShouldBe(JsonValueKind.String);
        room.Clock.Advance(TimeSpan.FromDays(10));
        await Task.WhenAll(room.RunDue<PassTime>(), room.RunDue<PassTime>());
        (await room.Tier(customers[0])).ShouldBe("Silver");
        (await room.Tier(customers[1])).ShouldBe("Gold");
        (await room.Tier(customers[2])).ShouldBe("Gold", "given, not earned");
        (await room.Store.FetchStream(customers[0])).Select(e => e.Data).OfType<TierGraceBegun>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task schemes_that_do_not_hold_together_are_refused_and_withdrawn_ones_are_gone()
    {
        object Draft(object scheme, double days = 4000) => new { effectiveFrom = room.Clock.GetUtcNow().AddDays(days), scheme };
        var tiers = new object[] { new { name = "Bronze" } };
        (await room.Refused("tiers/schemes", Draft(new { tiers = Array.Empty<object>() }))).Code.ShouldBe("invalid-scheme");
        (
            await room.Refused(
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
            await room.Refused(
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
        (await room.Refused("tiers/schemes", Draft(new { tiers }, days: 0))).Code.ShouldBe("effective-too-soon");
        (await room.Post("tiers/schemes", new { effectiveFrom = room.Clock.GetUtcNow().AddDays(1) })).StatusCode.ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await room.Post("tiers/schemes", Draft(new { window = "Weekly", tiers }))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var location = (await room.Post("tiers/schemes", Draft(new { tiers }))).Headers.Location!.ToString();
        await room.Ok(location["/api/loyalty/".Length..] + "/withdraw", new { });
        (await room.Everything.GetAsync(location)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
