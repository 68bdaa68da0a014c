using System.Text.Json;

namespace CrmPlatform.Loyalty.Accounts;

public sealed record HeldFact(string Fact, DateTimeOffset RecordedAt, JsonElement Data);

public sealed record HeldData(Guid CustomerId, IReadOnlyList<HeldFact> Facts);

/// <summary>Everything that this room holds about one person: the facts of their account and of their orders, as stored. All else is derived from them.</summary>
public static class GetPersonalData
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/loyalty/customers/{customerId:guid}/personal", async (Guid customerId, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
    {
        var names = store.StoredShapes.ToDictionary(f => f.Value, f => f.Key);
        var facts = (await store.FetchStream(customerId, ct: ct)).ToList();
        foreach (var order in await GetOrders.Of(customerId, db, ct)) facts.AddRange(await store.FetchStream(order, ct: ct));
        return new HeldData(customerId, [.. facts.Select(e => new HeldFact(names[e.Data.GetType()], e.RecordedAt, JsonSerializer.SerializeToElement(e.Data, e.Data.GetType(), EventStoreOptions.Json)))]);
    }).RequirePermission("personal.export").WithName("GetPersonalData").WithTags("personal data");
}
