using System.Net;
using System.Text.Json.Nodes;
using CrmPlatform.Crm;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>What the bare program is asked for: one of as many rows as there are customers, or to add one.</summary>
sealed class BareRows
{
    readonly Work write;
    Uri[] rows = [];
    int turn;

    BareRows(Connections clients, Shop shop) =>
        write = new("bare insert: POST /bare", HttpStatusCode.Created, () => shop.Post(clients.At("/bare")));

    public Work Read => new("bare read: GET /bare/{id}", HttpStatusCode.OK, () => Shop.Get(rows, ref turn));
    public Work Write => write;

    public static async Task<BareRows> Open(Connections clients, Shop shop, Api api, CancellationToken ct)
    {
        var bare = new BareRows(clients, shop);
        var ids = new List<string>();
        foreach (var _ in shop.Customers)
        {
            using var request = shop.Post(clients.At("/bare"));
            var row = JsonNode.Parse(await request.Content!.ReadAsStringAsync(ct))!;
            ids.Add((await api.Post("/bare", row, ct))!["id"]!.GetValue<string>());
        }
        bare.rows = [.. ids.Select(id => clients.At($"/bare/{id}"))];
        return bare;
    }
}
