using CrmPlatform.EventSourcing;

namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>Everybody decides about the same stream: nobody may be told of a conflict.</summary>
static class HotStream
{
    public const string Work = "32 writers on one hot stream";

    public static async Task<Row> Run(Database database, MartenShapes marten, Settings settings)
    {
        var (store, id) = (database.Store(), Guid.CreateVersion7());
        await Slice.Run(32, settings.WarmUp, Command);
        var slice = await Slice.Run(32, 2 * settings.StoreSlice, Command);
        var theirs = (await marten.Known(1, inlineToo: false))[0];
        var byMarten = await Slice.Run(32, 2 * settings.StoreSlice, _ => marten.DecideUntilDone(theirs));
        var failed =
            slice.Failures.Count == 0
                ? "none failed"
                : $"{slice.Failures.Count} failed ({string.Join(", ", slice.Failures.Select(f => f.GetType().Name).Distinct())})";
        var (server, client) = (slice.Cpu.Server * 1e6 / slice.Commands, slice.Cpu.Client * 1e6 / slice.Commands);
        return new(
            Work,
            "c = 32",
            $"{Table.Rate(slice.PerSecond)}/s, {failed}",
            Table.Number(slice.P50),
            Table.Number(slice.P99),
            Marten: $"{Table.Rate(byMarten.PerSecond)}/s",
            Goal: ">= 10,000/s, none fails",
            Met: slice.Failures.Count == 0 && slice.PerSecond >= 10_000,
            Server: Table.Rate(server),
            Client: Table.Rate(client)
        );

        Task Command(int worker) => store.Write(new(TimeProvider.System), Shopper.Of(id), s => s.Order());
    }
}
