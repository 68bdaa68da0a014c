using System.Net;
using System.Net.Http.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>What a source says of its registrations and of merges by machine.</summary>
public sealed class SourcePolicyTests(IdentityFixture room) : IClassFixture<IdentityFixture>
{
    [Fact]
    public async Task a_source_may_block_duplicates_where_the_installation_allows_them()
    {
        await Describe("desk", duplicates: "block");
        await room.Register("诸葛来源", "source@shop.cn", source: "desk");
        (await Register("诸葛来源", "source@shop.cn", "desk")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Register("诸葛来源", "source@shop.cn", "elsewhere")).StatusCode.ShouldBe(HttpStatusCode.Created);
        await Describe("desk", duplicates: null);
        (await Register("诸葛来源", "source@shop.cn", "desk")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task whom_a_source_keeps_from_machines_people_are_asked_about()
    {
        const string phone = "+8613911117777";
        await Describe("clinic", machineMerges: false);
        var one = await Verified("慕容诊所", phone, "clinic");
        var other = await Verified("慕容诊所", phone, "web");
        await room.Settle();
        (await room.All().GroupOf(other)).ShouldBe([other]);
        (await room.Queue($"customerId={one}")).Single().GetProperty("reason").GetString().ShouldBe("review");
        var listed = (await room.Get("sources"))
            .GetProperty("items")
            .EnumerateArray()
            .Single(s => s.GetProperty("code").GetString() == "clinic");
        listed.GetProperty("machineMerges").GetBoolean().ShouldBeFalse();
        listed.GetProperty("trust").GetInt32().ShouldBe(70);
    }

    async Task Describe(string code, string? duplicates = null, bool machineMerges = true) =>
        await CustomersFixture.Json(
            await room.All()
                .PutAsJsonAsync(
                    $"/api/customers/sources/{code}",
                    new
                    {
                        name = code,
                        trust = 70,
                        duplicates,
                        machineMerges,
                    }
                )
        );

    Task<HttpResponseMessage> Register(string name, string email, string source) =>
        room.All().PostAsJsonAsync("/api/customers", IdentityFixture.Who(name, email, source: source));

    async Task<Guid> Verified(string name, string phone, string source) => (
            await CustomersFixture.Json(
                await room.All()
                    .PostAsJsonAsync(
                        "/api/customers",
                        new
                        {
                            kind = "individual",
                            source,
                            profile = new { name },
                            contacts = new[]
                            {
                                new
                                {
                                    kind = "phone",
                                    value = phone,
                                    verifiedAt = "2026-11-01T08:00:00Z",
                                },
                            },
                        }
                    ),
                HttpStatusCode.Created
            )
        ).GetProperty("id").GetGuid();
}
