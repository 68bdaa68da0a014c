using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests.Tiers;

/// <summary>A room of its own: tiers are published in it, and its clock is moved.</summary>
public class TierRoomTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task a_tier_is_given_and_lifted_and_the_others_hear_why()
    {
        var customer = await room.Customer(600);
        var until = room.Clock.GetUtcNow().AddDays(30);
        await room.Ok(
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
        (await room.Refused($"accounts/{customer}/tier", new { tier = "Wood", reason = "x" })).Code.ShouldBe("unknown-tier");
        (
            await room.Refused(
                $"accounts/{customer}/tier",
                new
                {
                    tier = "Gold",
                    reason = "x",
                    until = room.Clock.GetUtcNow().AddDays(-1),
                }
            )
        ).Code.ShouldBe("already-over");
        var endless = await room.Post(
            $"accounts/{customer}/tier",
            new
            {
                tier = "Gold",
                reason = "x",
                until = DateTimeOffset.MaxValue,
            }
        );
        endless.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await endless.Content.ReadAsStringAsync()).ShouldContain("from 1900 to 2199");
        (await room.Post($"accounts/{customer}/tier", new { tier = "Gold", reason = "Not a code" })).StatusCode.ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await room.Post($"accounts/{Guid.CreateVersion7()}/tier", new { tier = "Gold", reason = "x" })).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        await room.Ok($"accounts/{customer}/tier/release", new { reason = "mistake" });
        (await room.Tier(customer)).ShouldBe("Silver");
        (await room.Refused($"accounts/{customer}/tier/release", new { reason = "mistake" })).Code.ShouldBe("tier-not-assigned");
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
}
