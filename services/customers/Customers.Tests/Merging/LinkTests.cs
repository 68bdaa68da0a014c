using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Customers.Tests;

/// <summary>Who is merged by machine, and who is not.</summary>
public sealed class LinkTests(NumberedFixture room) : IClassFixture<NumberedFixture>
{
    const string Yesterday = "2026-11-01T08:00:00Z";

    [Fact]
    public async Task a_verified_phone_with_the_same_name_merges_and_the_elder_survives()
    {
        var http = room.All();
        var elder = await Person("慕容合一", "+8613911110001", Yesterday);
        var younger = await Person("慕容合一", "+8613911110001", Yesterday);
        await room.Settle();
        (await http.GroupOf(younger)).ShouldBe([elder, younger]);
        var merge = (await CustomersFixture.Json(await http.GetAsync($"/api/customers/merges?customerId={younger}&by=machine")))
            .GetProperty("items")
            .EnumerateArray()
            .Single();
        merge.GetProperty("reason").GetString().ShouldBe("match");
        (await room.Queue($"customerId={younger}")).ShouldBeEmpty();
        (await room.Queue($"customerId={younger}&status=confirmed")).Count.ShouldBe(1);

        // Taken apart they are not linked by machine again, whatever is told of them.
        await http.Unmerge(merge.GetProperty("id").GetGuid());
        await Revise(younger, "慕容合一", "+8613911110001", Yesterday, "he@shop.cn");
        await room.Settle();
        (await http.GroupOf(younger)).ShouldBe([younger]);
        (await room.Queue($"customerId={younger}")).Single().GetProperty("reason").GetString().ShouldBe("review");
    }

    [Fact]
    public async Task what_is_not_verified_or_another_name_or_a_child_is_not_merged()
    {
        var http = room.All();
        await NotMerged(await Person("慕容未核", "+8613911110002", null), await Person("慕容未核", "+8613911110002", Yesterday));
        await NotMerged(await Person("慕容一家", "+8613911110003", Yesterday), await Person("司马他人", "+8613911110003", Yesterday));
        await NotMerged(
            await Person("慕容小童", "+8613911110004", Yesterday, birthDate: "2020-02-02"),
            await Person("慕容小童", "+8613911110004", Yesterday, birthDate: "2020-02-02")
        );

        async Task NotMerged(Guid one, Guid other)
        {
            await room.Settle();
            (await http.GroupOf(one)).ShouldBe([one]);
            (await http.GroupOf(other)).ShouldBe([other]);
        }
    }

    [Fact]
    public async Task a_phone_of_five_becomes_generic_and_what_it_linked_is_looked_at_again()
    {
        var http = room.All();
        const string phone = "+8613911110005";
        var (one, other) = (await Person("慕容五人", phone, Yesterday), await Person("慕容五人", phone, Yesterday));
        await room.Settle();
        (await http.GroupOf(other)).ShouldBe([one, other]);
        for (var i = 0; i < 3; i++)
            await Person($"柜台{(char)('甲' + i)}", phone, Yesterday);
        await room.Settle();
        (await http.GroupOf(other)).ShouldBe([one, other], "no machine takes them apart");
        var again = (await room.Queue("reason=revisit")).Single();
        again.GetProperty("second").GetGuid().ShouldBeOneOf(one, other);
        var id = again.GetProperty("id").GetGuid();
        (await room.Reject(id, "family")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, "the merge is to be undone");
        await CustomersFixture.Json(await http.PostAsJsonAsync($"/api/customers/candidates/{id}/confirm", new { reason = "same" }));
        (await room.Queue("reason=revisit")).ShouldBeEmpty();
        (await http.GroupOf(other)).ShouldBe([one, other]);
    }

    [Fact]
    public async Task a_chain_of_links_joins_nobody_who_contradicts_a_member()
    {
        var http = room.All();
        var (a, b) = (
            await Numbered("慕容链", "a-chain@shop.cn", "11010519491231002X"),
            await Person("慕容链", "+8613911110006", Yesterday)
        );
        await http.Merged(a, b);
        // Another valid number than a's, and the verified phone of b.
        var c = await Numbered("慕容链", "c-chain@shop.cn", "440524188001010014", "+8613911110006");
        await room.Settle();
        (await http.GroupOf(c)).ShouldBe([c]);
        (await room.Queue($"customerId={c}&reason=contradicted")).Count.ShouldBeGreaterThan(0);
        (await http.Refused(b, c)).ShouldBe("contradiction");
    }

    [Fact]
    public async Task who_is_alike_within_a_group_is_nobodys_work()
    {
        var http = room.All();
        var people = new List<Guid>();
        for (var i = 0; i < 3; i++)
            people.Add(await room.Register("诸葛同群", "group@shop.cn", $"+861391111001{i}"));
        await room.Settle();
        var open = await room.Queue($"customerId={people[1]}");
        open.Count.ShouldBe(2);
        await http.Merged(people[0], people[1]);
        await http.Merged(people[0], people[2]);
        await room.Settle();
        (await room.Queue($"customerId={people[1]}")).ShouldBeEmpty();
        (await room.Queue($"customerId={people[1]}&status=withdrawn")).Count.ShouldBe(1);
        await room.Revise(people[1], "诸葛同群", "group@shop.cn");
        await room.Settle();
        (await room.Queue($"customerId={people[1]}")).ShouldBeEmpty();
    }

    async Task<Guid> Person(string name, string phone, string? verified, string? birthDate = null) =>
        await Register(
            new { name, birthDate },
            [
                new
                {
                    kind = "phone",
                    value = phone,
                    verifiedAt = verified,
                },
            ]
        );

    Task<Guid> Numbered(string name, string email, string number, string? phone = null) =>
        Register(
            new { name },
            [
                new { kind = "email", value = email },
                new { kind = "idNumber", value = number },
                .. phone is null
                    ? Array.Empty<object>()
                    :
                    [
                        new
                        {
                            kind = "phone",
                            value = phone,
                            verifiedAt = Yesterday,
                        },
                    ],
            ]
        );

    async Task<Guid> Register(object profile, object[] contacts) => (
            await CustomersFixture.Json(
                await room.All()
                    .PostAsJsonAsync(
                        "/api/customers",
                        new
                        {
                            kind = "individual",
                            profile,
                            contacts,
                        }
                    ),
                HttpStatusCode.Created
            )
        ).GetProperty("id").GetGuid();

    async Task Revise(Guid id, string name, string phone, string verifiedAt, string email) =>
        await CustomersFixture.Json(
            await room.All()
                .PutAsJsonAsync(
                    $"/api/customers/{id}/profile",
                    new
                    {
                        profile = new { name },
                        contacts = new object[]
                        {
                            new
                            {
                                kind = "phone",
                                value = phone,
                                verifiedAt,
                            },
                            new { kind = "email", value = email },
                        },
                    }
                )
        );
}
