using CrmPlatform.EventStoreBenchmarks;

namespace CrmPlatform.CustomersBenchmarks;

/// <summary>
/// What comparing customers costs a registration: rooms with and without it in turn, each with 20,000 customers and its followers running
/// (the one for the quality of data in both).
/// </summary>
static class Registration
{
    const int Before = 20_000;

    public static async Task Measure(Settings settings, List<Row> rows)
    {
        foreach (var workers in Settings.Concurrencies)
        {
            var (with, without) = (new List<Slice>(), new List<Slice>());
            for (var round = 0; round < settings.Rounds; round++)
            {
                without.Add(await Run(identity: false, workers, settings));
                with.Add(await Run(identity: true, workers, settings));
            }
            var ratios = with.Zip(without, (a, b) => a.PerSecond / b.PerSecond).Order().ToList();
            var ratio = ratios[ratios.Count / 2];
            rows.Add(Bench.Shown("registration without identity", workers, Slice.Of(without)));
            rows.Add(
                Bench.Shown("registration with identity", workers, Slice.Of(with)) with
                {
                    Measured =
                        $"{Table.Rate(Slice.Of(with).PerSecond)}/s, {Table.Number(ratio)} "
                        + $"[{Table.Number(ratios[0])}–{Table.Number(ratios[^1])}] of without",
                    Goal = ">= 0.7 of without",
                    Met = ratio >= .7,
                }
            );
        }
    }

    static async Task<Slice> Run(bool identity, int workers, Settings settings)
    {
        Slice? measured = null;
        await Bench.Part(async database =>
        {
            var room = new Room(database, identity);
            await room.Fill(settings.Quick ? Before / 10 : Before);
            await using var following = new Following(await database.Daemon(room.Store));
            await following.CatchUp();
            var (population, next) = (new Population(2), 10_000_000);
            var turn = new Lock();
            await Slice.Run(workers, settings.WarmUp, Register);
            measured = await Slice.Run(workers, 2 * settings.StoreSlice, Register);
            if (measured.Failures.Count > 0)
                throw measured.Failures[0];
            return "";

            Task Register(int _)
            {
                lock (turn)
                    return room.Register(Guid.CreateVersion7(), population.Next(next++));
            }
        });
        return measured!;
    }
}
