using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static CrmPlatform.ServiceDesk.Tests.DeskRequests;

namespace CrmPlatform.ServiceDesk.Tests.Groups;

/// <summary>
/// Merging and unmerging leaves no trace: two rooms with the same ids and a clock that stands still live through the same, and one of them
/// is told meanwhile which customers are one, each member at its own pace.
/// </summary>
public class GroupProperties(DeskFixture plain, GroupProperties.LinkedDesk linked)
    : IClassFixture<DeskFixture>,
        IClassFixture<GroupProperties.LinkedDesk>
{
    public sealed class LinkedDesk : DeskFixture;

    sealed record Step(int Kind, int Who, int Amount);

    const int Link = 6;

    static readonly DateTimeOffset today = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);
    static readonly (string Name, long Points)[] tiers = [("Bronze", 0), ("Silver", 500), ("Gold", 2_000)];

    static readonly Arbitrary<Step[]> histories = (
        from kind in Gen.Frequency((2, Gen.Choose(0, Link - 1)), (1, Gen.Constant(Link)))
        from who in Gen.Choose(0, 2)
        from amount in Gen.Choose(0, 900)
        select new Step(kind, who, amount)
    )
        .ArrayOf()
        .Where(steps => steps.Length is > 3 and < 25)
        .ToArbitrary();

    [Fact]
    public void merging_and_unmerging_changes_no_answer_about_any_member() =>
        Prop.ForAll(histories, steps => Lived(steps).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    async Task Lived(Step[] steps)
    {
        plain.Clock.Stop(today);
        linked.Clock.Stop(today);
        var members = new[] { Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7() };
        var untold = members.Select(_ => new Queue<object>()).ToArray();
        var (desks, tickets) = (new[] { plain, linked }, new List<(Guid Id, int Who)>());
        foreach (var (step, n) in steps.Select((s, n) => (s, n)))
        {
            var (who, at) = (members[step.Who], today.AddMinutes(n - 100));
            if (step.Kind == Link)
                await Told(step.Amount);
            // A ticket is promised by the standing of the person: so while they are one it is only opened of whom the standing is the same.
            else if (step.Kind <= 1 && await SameStanding(who))
            {
                var reference = $"{who:N}-{n}";
                foreach (var desk in desks)
                    await desk.Post("tickets", Complaint(who, reference, at), HttpStatusCode.Created);
                tickets.Add((NameId.For("ticket", "test", reference), step.Who));
            }
            else if (step.Kind == 2)
                await Hear("loyalty", new Contracts.TierChanged(who, null, tiers[step.Amount % 3].Name, tiers[step.Amount % 3].Points, at));
            else if (step.Kind == 3)
                await Hear(
                    "segmentation",
                    new Contracts.GradeChanged(who, "abc", null, "ABC"[step.Amount % 3].ToString(), NameId.For($"{n}"), at)
                );
            else if (tickets.FindLast(t => t.Who == step.Who).Id is var ticket && ticket != Guid.Empty)
                foreach (var desk in desks)
                {
                    var path = $"/api/service-desk/tickets/{ticket}/";
                    foreach (var command in step.Kind == 4 ? new[] { "assess", "decide", "resolve" } : ["replies"])
                        await desk.Agent()
                            .PostAsJsonAsync(
                                path + command,
                                At(
                                    command == "decide"
                                        ? new { outcome = "upheld", cause = step.Amount % 2 == 0 ? "rude" : "lost-parcel" }
                                        : Valid(command),
                                    at
                                )
                            );
                }
        }
        Note(members);
        await TellAll();
        foreach (var member in members)
            (await Items(linked, $"tickets?customer={member}&limit=200"))
                .Select(t => (t.GetProperty("id").GetGuid(), t.GetProperty("customerId").GetGuid()))
                .ShouldBe(tickets.Select(t => (t.Id, members[t.Who])), ignoreOrder: true);
        foreach (var member in members)
            Note(member);
        await TellAll();
        (await Answers(linked)).ShouldBe(await Answers(plain));

        async Task Hear(string publisher, object fact)
        {
            foreach (var desk in desks)
                await desk.Hear(publisher, fact);
        }

        async Task<bool> SameStanding(Guid customer)
        {
            var (one, other) = (
                await ServiceDesk.Customers.Standing.Of(linked.Db, customer, default),
                await ServiceDesk.Customers.Standing.Of(plain.Db, customer, default)
            );
            return (one?.Tier, one?.Grade) == (other?.Tier, other?.Grade);
        }

        async Task Told(int amount)
        {
            foreach (var part in GroupsTold.PartsOfThree[amount % GroupsTold.PartsOfThree.Count])
                Note([.. part.Select(m => members[m])]);
            // The members are told one after the other, some later than what follows.
            for (var m = 0; m < members.Length; m++)
            for (var told = (amount >> m) % 3; told > 0 && untold[m].TryDequeue(out var fact); told--)
                await linked.Hear("customers", fact);
        }

        void Note(params Guid[] part)
        {
            foreach (var told in part.Length > 1 ? (object[])GroupsTold.Merged(part) : GroupsTold.Unmerged(part))
                untold[Array.IndexOf(members, ((Contracts.IGroupChange)told).CustomerId)].Enqueue(told);
        }

        async Task TellAll()
        {
            foreach (var facts in untold)
                while (facts.TryDequeue(out var fact))
                    await linked.Hear("customers", fact);
        }

        async Task<string> Answers(DeskFixture desk)
        {
            await desk.CatchUp();
            var text = new StringBuilder();
            foreach (var member in members)
            {
                text.Append(await desk.Get($"tickets?customer={member}&limit=200")).Append('\n');
                text.Append(await desk.Http("personal.export").GetStringAsync($"/api/service-desk/customers/{member}/personal"))
                    .Append('\n');
            }
            foreach (var (ticket, _) in tickets)
                text.Append(await desk.Get($"tickets/{ticket}")).Append('\n');
            text.AppendJoin('\n', (await Items(desk, "queue?limit=200")).Select(t => t.ToString()));
            return text.ToString();
        }
    }

    static async Task<JsonElement[]> Items(DeskFixture desk, string path) =>
        [.. (await desk.Get(path)).GetProperty("items").EnumerateArray()];
}
