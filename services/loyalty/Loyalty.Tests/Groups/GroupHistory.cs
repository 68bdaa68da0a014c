using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrmPlatform.Loyalty.Tests.Rewards;

namespace CrmPlatform.Loyalty.Tests.Groups;

/// <summary>What three customers live through in one room, and what the room then answers about them.</summary>
sealed class GroupHistory(LoyaltyRoom room, Guid[] members, DateTimeOffset today)
{
    /// <summary>How many kinds of steps are facts and commands; the one behind them tells of groups.</summary>
    public const int Facts = 7,
        Link = Facts;

    readonly Queue<object>[] untold = [.. members.Select(_ => new Queue<object>())];
    readonly List<Contracts.PurchaseRecorded> purchases = [];
    readonly List<(Guid Order, int Who)> orders = [];

    /// <summary>What the room draws by chance, by what it is called here.</summary>
    readonly Dictionary<string, string> names = [];
    readonly Guid stranger = NameId.For("stranger", members[0].ToString());
    Dictionary<Guid, long> shown = [];
    Guid reward;

    public sealed record Step(int Kind, int Who, int Amount);

    public async Task Do(Step step, int n)
    {
        if (reward == Guid.Empty)
            await Begin();
        var (who, at) = (members[step.Who], today.AddHours(n - 100));
        switch (step.Kind)
        {
            case 0:
                var bought = LoyaltyRoom.Purchase(who, step.Amount * 3, at) with
                {
                    PurchaseId = NameId.For("purchase", who.ToString(), $"{n}"),
                    OrderNumber = $"{n}",
                };
                purchases.Add(bought);
                await Tell(bought);
                break;
            case 1 when purchases.FindLast(p => p.CustomerId == who) is { } last:
                await Tell(LoyaltyRoom.Return(last, 1) with { ReturnId = NameId.For("return", $"{last.PurchaseId}{n}"), OccurredAt = at });
                break;
            case 2:
                await Say($"accounts/{who}/redemptions", new { points = step.Amount, purpose = "voucher" }, $"redemption-{n}");
                break;
            case 3:
                await Say(
                    $"accounts/{who}/adjustments",
                    new { points = step.Amount % 2 == 0 ? step.Amount : -step.Amount, reason = "goodwill" },
                    $"adjustment-{n}"
                );
                break;
            case 4 when await Say("orders", new { customerId = who, rewardId = reward }, $"order-{n}") is { } order:
                orders.Add((order, step.Who));
                break;
            case 5 when orders.FindLast(o => o.Who == step.Who) is { Order: var cancelled } && cancelled != Guid.Empty:
                await Say($"orders/{cancelled}/cancel", null, "cancelled");
                break;
            case 6:
                await Say("referrals", new { refereeId = who, referrerId = stranger }, "referral");
                break;
            case Link:
                foreach (var part in GroupsTold.PartsOfThree[step.Amount % GroupsTold.PartsOfThree.Count])
                    Note([.. part.Select(m => members[m])]);
                // The members are told one after the other, some later than what follows.
                for (var m = 0; m < members.Length; m++)
                for (var told = (step.Amount >> m) % 3; told > 0 && untold[m].TryDequeue(out var fact); told--)
                    await Tell(fact);
                break;
        }
    }

    /// <summary>All are one for a moment: their answers are the same, and what they have adds up.</summary>
    public async Task ShowsTheGroup()
    {
        await Begin();
        Note(members);
        await TellAll();
        await room.CatchUp();
        var accounts = new List<JsonElement>();
        foreach (var member in members)
            accounts.Add(await room.Get($"accounts/{member}"));
        var group = accounts[0].GetProperty("group");
        accounts.ShouldAllBe(a => a.GetProperty("group").ToString() == group.ToString());
        accounts.ShouldAllBe(a => a.GetProperty("lots").ToString() == accounts[0].GetProperty("lots").ToString());
        shown = group.GetProperty("members").EnumerateArray().ToDictionary(GroupWords.Customer, m => m.Long("balance"));
        shown.Keys.ShouldBe(members);
        accounts[0].Long("balance").ShouldBe(shown.Values.Sum());
        var statements = new List<string>();
        foreach (var member in members)
            statements.Add((await room.Get($"accounts/{member}/statement?limit=200")).ToString());
        statements.Distinct().ShouldHaveSingleItem();
        (await room.Items($"accounts/{members[0]}/statement?limit=200")).Sum(e => e.Long("points")).ShouldBe(shown.Values.Sum());
    }

    /// <summary>Each is alone at the end.</summary>
    public async Task Part()
    {
        foreach (var member in members)
            Note([member]);
        await TellAll();
        foreach (var member in members)
            (await room.Balance(member)).ShouldBe(shown[member], "what the group showed of this member");
    }

    public async Task<string> Answers()
    {
        await Begin();
        await room.CatchUp();
        var (text, past) = (new StringBuilder(), Uri.EscapeDataString(today.AddHours(-90).ToString("O")));
        foreach (var m in members)
        {
            foreach (
                var path in new[]
                {
                    $"accounts/{m}",
                    $"accounts/{m}?asOf={past}",
                    $"accounts/{m}/tier",
                    $"accounts/{m}/statement?limit=200",
                    $"accounts/{m}/care",
                    $"orders?customer={m}",
                    $"adjustments?customerId={m}",
                    $"referrals?refereeId={m}",
                    $"rewards/{reward}?customer={m}",
                }
            )
                text.Append(path).Append(' ').Append(await room.Get(path)).Append('\n');
            text.Append(await room.Everything.GetStringAsync($"/api/loyalty/accounts/{m}/statement/export"));
            foreach (var e in await room.Store.FetchStream(m))
                text.Append(e.Data.GetType().Name).Append(JsonSerializer.Serialize(e.Data, e.Data.GetType())).Append('\n');
        }
        return names.Aggregate(text.ToString(), (all, name) => all.Replace(name.Key, name.Value, StringComparison.Ordinal));
    }

    async Task Begin()
    {
        if (reward != Guid.Empty)
            return;
        reward = Reward.IdOf($"mug-{members[0]:N}");
        await Say("rewards", new { code = $"mug-{members[0]:N}", offer = RewardWords.Offer(20) }, "reward");
        await Say($"rewards/{reward}/publish", null, "published");
        foreach (var customer in members.Append(stranger))
            await Tell(LoyaltyRoom.Registered(customer) with { OccurredAt = today.AddDays(-100) });
    }

    void Note(Guid[] part)
    {
        foreach (var told in part.Length > 1 ? (object[])GroupsTold.Merged(part) : GroupsTold.Unmerged(part))
            untold[Array.IndexOf(members, ((Contracts.IGroupChange)told).CustomerId)].Enqueue(told);
    }

    async Task TellAll()
    {
        foreach (var facts in untold)
            while (facts.TryDequeue(out var fact))
                await Tell(fact);
    }

    Task Tell(object fact) =>
        fact is Contracts.IGroupChange && room is not GroupProperties.LinkedRoom
            ? Task.CompletedTask
            : room.Hear(LoyaltyRoom.AsFact("customers", fact) with { RecordedAt = today });

    /// <returns>The id of what was made; null where it was refused.</returns>
    async Task<Guid?> Say(string path, object? body, string name)
    {
        var answer = await room.Shops().Say(path, body);
        if (!answer.IsSuccessStatusCode)
        {
            ((int)answer.StatusCode).ShouldBe(422, await answer.Content.ReadAsStringAsync());
            return null;
        }
        var id = answer.Headers.Location is { } made && Guid.TryParse(made.ToString().Split('/')[^1], out var last) ? last : (Guid?)null;
        if (id is { } known && known != reward)
            names[known.ToString()] = name;
        return id;
    }
}
