// The yardstick: one row by its key, or one more row, and nothing else. It stands behind the same gateway as the rooms.
using CrmPlatform.PlatformBare;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
await using var purchases = await Purchases.Open(
    builder.Configuration.GetConnectionString("Postgres")
        ?? throw new InvalidOperationException("ConnectionStrings:Postgres must name the server and its administrator")
);

var app = builder.Build();
app.MapGet(
    "/bare/{id:guid}",
    async (Guid id, CancellationToken ct) => await purchases.Get(id, ct) is { } purchase ? Results.Ok(purchase) : Results.NotFound()
);
app.MapPost(
    "/bare",
    async (Purchase purchase, CancellationToken ct) =>
    {
        var id = Guid.CreateVersion7();
        await purchases.Add(id, purchase, ct);
        return Results.Created($"/bare/{id}", new { id });
    }
);
app.Run();
