using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Customers.Identity;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>What is verified counts when customers are compared.</summary>
public sealed class VerifiedMatchTests(IdentityFixture room) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task a_verification_of_both_sides_is_compared_again_and_links()
    {
        const string phone = "+8613911110001";
        var (one, other) = (await room.Register("诸葛核实", "v1@shop.cn", phone), await room.Register("诸葛核实", "v2@shop.cn", phone));
        await room.CatchUp();
        (await Candidate()).ShouldBe(("review", "mobile:equal:0.585"));
        await Verify(one, phone);
        await room.CatchUp();
        (await Candidate()).ShouldBe(("review", "mobile:equal:0.585"), "one side alone");
        await room.Revise(one, "诸葛核实", "v3@shop.cn");
        await room.Revise(one, "诸葛核实", "v3@shop.cn", phone);
        await Verify(other, phone);
        await room.CatchUp();
        (await Candidate()).ShouldBe(("review", "mobile:equal:0.585"), "it went and came back");
        await room.Revise(other, "诸葛核实", "v4@shop.cn", phone);
        await Verify(one, phone);
        await room.Settle();
        (await Candidate()).ShouldBe(("link", "mobile:equal-verified:2.5025"), "the revision keeps the phone");
        (await room.All().GroupOf(other)).ShouldBe([one, other]);

        async Task<(string?, string)> Candidate()
        {
            var shown = await room.Get($"candidates/{Identity.Candidate.IdOf(one, other)}");
            return (shown.GetProperty("reason").GetString(), Line(shown.GetProperty("lines")));
        }
    }

    [Fact]
    public async Task a_rejection_holds_when_something_is_verified_later()
    {
        const string phone = "+8613911110002";
        var (one, other) = (await room.Register("诸葛两人", "r1@shop.cn", phone), await room.Register("诸葛两人", "r2@shop.cn", phone));
        await room.CatchUp();
        await CustomersFixture.Json(await room.Reject(Candidate.IdOf(one, other), "family"));
        await Verify(one, phone);
        await Verify(other, phone);
        await room.CatchUp();
        await room.Revise(one, "诸葛两人", "r1@shop.cn", phone);
        await room.CatchUp();
        (await room.Queue($"customerId={one}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task who_is_asked_for_is_compared_by_what_is_verified()
    {
        const string phone = "+8613911110003";
        var one = await room.Register("诸葛来问", "asked1@shop.cn", phone);
        await Verify(one, phone);
        var answer = await CustomersFixture.Json(
            await room.All()
                .PostAsJsonAsync(
                    "/api/customers/identity/resolve",
                    new
                    {
                        kind = "individual",
                        profile = new { name = "诸葛来问" },
                        contacts = new[]
                        {
                            new
                            {
                                kind = "phone",
                                value = phone,
                                verifiedAt = "2026-11-01T00:00:00Z",
                            },
                        },
                    }
                )
        );
        Line(answer.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("lines"))
            .ShouldBe("mobile:equal-verified:2.5025");
    }

    static string Line(JsonElement lines) =>
        lines
            .EnumerateArray()
            .Where(l => l.GetProperty("comparison").GetString() == "mobile")
            .Select(l => $"mobile:{l.GetProperty("level").GetString()}:{l.GetProperty("bits").GetDouble():0.####}")
            .Single();

    async Task Verify(Guid id, string phone) =>
        await CustomersFixture.Json(
            await room.All()
                .PostAsJsonAsync(
                    $"/api/customers/{id}/verifications",
                    new
                    {
                        kind = "phone",
                        value = phone,
                        method = "sms",
                    }
                )
        );
}
