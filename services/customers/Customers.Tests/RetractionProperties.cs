using System.Globalization;

namespace CrmPlatform.Customers.Tests;

/// <summary>
/// The law of retraction: what is left is what the other import alone would have told, in whatever order both have told it.
/// </summary>
public sealed class RetractionProperties(RoomWithNeighbours room) : IClassFixture<RoomWithNeighbours>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task what_is_left_is_what_the_other_import_alone_tells(int seed)
    {
        var (random, http) = (new Random(seed), room.Curator());
        var orders = Enumerable.Range(0, 12).Select(n => (Number: $"o{n}", Wrong: random.Next(2) == 0, Net: random.Next(8, 900))).ToList();
        var told = orders.Select(o => (o.Wrong, Purchase: true, Row: $"{o.Number}::{o.Net}")).ToList();
        for (var n = 0; n < 30; n++)
        {
            // Small enough for all to be there: a return that is refused for what others took has not been told.
            var order = orders[random.Next(orders.Count)];
            var net = Math.Round(order.Net * (decimal)random.NextDouble() / 31, 2) + 0.01m;
            told.Add((random.Next(2) == 0, false, string.Create(CultureInfo.InvariantCulture, $"{order.Number}:R{n}:{net}")));
        }
        var both = $"both-{seed}";
        foreach (var (wrong, purchase, row) in told)
            (await Tell(both, wrong, purchase, row)).ShouldBe(["recorded"]);
        await room.Retract(http, $"imports/{both}-wrong");

        var alone = $"alone-{seed}";
        foreach (var (_, purchase, row) in told.Where(t => !t.Wrong))
            (await Tell(alone, false, purchase, row)).Single().ShouldBeOneOf("recorded", "refused"); // returns of orders that are not there
        await room.CatchUp();
        (await Left(both)).ShouldBe(await Left(alone), $"seed {seed}");

        async Task<string[]> Tell(string system, bool wrong, bool purchase, string row) =>
            (
                purchase
                    ? await http.Purchases($"{system}-{(wrong ? "wrong" : "right")}", system, row)
                    : await http.Returns($"{system}-{(wrong ? "wrong" : "right")}", system, row)
            ).Said;

        async Task<List<string>> Left(string system)
        {
            var listed = await CustomersFixture.Json(await http.GetAsync($"/api/customers/purchases?source={system}&limit=200"));
            var left = new List<string>();
            foreach (var item in listed.GetProperty("items").EnumerateArray())
            {
                var purchase = await http.Purchase(item.GetProperty("id").GetGuid());
                var returns = purchase.GetProperty("returns").EnumerateArray().Select(r => r.GetProperty("baseNet").GetDecimal()).Order();
                left.Add(
                    $"{item.GetProperty("orderNumber")} {item.GetProperty("net")} {item.GetProperty("returned")} "
                        + $"{purchase.GetProperty("returned")} {string.Join(' ', returns)}"
                );
            }
            left.Sort(StringComparer.Ordinal);
            return left;
        }
    }
}
