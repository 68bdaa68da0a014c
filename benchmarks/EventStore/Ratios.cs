namespace CrmPlatform.EventStoreBenchmarks;

/// <summary>
/// Shapes against the bare insert and against Marten, in alternating slices: the machine's other work moves absolute figures by half
/// within a minute, the ratio of two neighbouring slices hardly. All shapes of a concurrency take turns in each round, so that a bad
/// moment hits all of them. Each concurrency opens its own connections: a lone client who finds those of 32 others goes round them all,
/// and each time the session of the server is cold.
/// </summary>
sealed class Ratios(Database database, Settings settings)
{
    const double TimesMarten = 2.5;

    readonly Bare bare = new(database.Db);

    sealed record Contest(Shape Shape, Func<int, Task> Store, Func<int, Task> Marten)
    {
        public List<Slice> BareSlices { get; } = [];
        public List<Slice> StoreSlices { get; } = [];
        public List<Slice> MartenSlices { get; } = [];
    }

    public sealed record Outcome(Row Row, string Name, int Concurrency, double Ratio);

    public async Task<List<Outcome>> Run(IReadOnlyList<Shape> shapes, int concurrency)
    {
        if (shapes.Count == 0)
            return [];
        database.Clear();
        var index = Math.Min(Array.IndexOf(Settings.Concurrencies, concurrency), shapes[0].Goals.Length - 1);
        var (way, command) = await Fastest(concurrency, shapes[0].Orders);
        var contests = new List<Contest>();
        foreach (var shape in shapes)
        {
            contests.Add(new(shape, await shape.Begin(concurrency), await shape.Marten(concurrency)));
            await Store(shape, contests[^1].Store, concurrency, settings.WarmUp);
            await Store(shape, contests[^1].Marten, concurrency, settings.WarmUp);
        }
        for (var round = 0; round < settings.Rounds; round++)
            foreach (var contest in contests)
            {
                contest.BareSlices.Add(await Bare(concurrency, settings.BareSlice, command));
                contest.StoreSlices.Add(await Store(contest.Shape, contest.Store, concurrency, settings.StoreSlice));
                contest.MartenSlices.Add(await Store(contest.Shape, contest.Marten, concurrency, settings.StoreSlice));
            }

        var all = Slice.Of([.. contests.SelectMany(c => c.BareSlices)]);
        var name = shapes[0].Orders == 1 ? $"bare insert ({way})" : $"bare insert of {3 * shapes[0].Orders:N0} events (unnest)";
        return
        [
            new(Row(name, concurrency, all) with { Ratio = "1" }, name, concurrency, 1),
            .. contests.Select(c => Compare(c, concurrency, c.Shape.Goals[index])),
        ];
    }

    /// <summary>The yardstick is the faster of two ways of writing it.</summary>
    async Task<(string Way, Func<int, Task> Command)> Fastest(int concurrency, int orders)
    {
        (string Way, Func<int, Task> Command)[] ways =
            orders == 1 ? [("values", _ => bare.Values()), ("unnest", _ => bare.Unnest(1))] : [("unnest", _ => bare.Unnest(orders))];
        foreach (var (_, command) in ways)
            await Bare(concurrency, settings.WarmUp, command);
        var done = new int[ways.Length];
        for (var round = 0; ways.Length > 1 && round < 4; round++)
        for (var i = 0; i < ways.Length; i++)
            done[i] += (await Bare(concurrency, settings.BareSlice, ways[i].Command)).Commands;
        return ways[Array.IndexOf(done, done.Max())];
    }

    async Task<Slice> Bare(int concurrency, double seconds, Func<int, Task> command)
    {
        await bare.Stock();
        return Sound(await Slice.Run(concurrency, seconds, command));
    }

    /// <summary>A slice counts only when the log holds what the store says it wrote.</summary>
    async Task<Slice> Store(Shape shape, Func<int, Task> command, int concurrency, double seconds)
    {
        if (shape.Before is { } before)
            await before();
        var head = await database.Scalar<long>("select coalesce(max(seq_id), 0) from mt_events");
        var slice = Sound(await Slice.Run(concurrency, seconds, command));
        var (said, holds) = (
            3L * shape.Orders * slice.Commands,
            await database.Scalar<long>("select count(*) from mt_events where seq_id > $1", head)
        );
        return said == holds
            ? slice
            : throw new InvalidOperationException($"{shape.Name}: {said} events were written, the log holds {holds}");
    }

    static Slice Sound(Slice slice) =>
        slice.Failures.Count == 0 ? slice : throw new InvalidOperationException("a command failed", slice.Failures[0]);

    static Outcome Compare(Contest contest, int concurrency, double goal)
    {
        var (ofBare, ofMarten) = (Of(contest.StoreSlices, contest.BareSlices), Of(contest.StoreSlices, contest.MartenSlices));
        var marten = Of(contest.MartenSlices, contest.BareSlices);
        var least = concurrency == 32 ? TimesMarten : 0;
        return new(
            Row(contest.Shape.Name, concurrency, Slice.Of(contest.StoreSlices)) with
            {
                Ratio = $"{Table.Number(ofBare.Median)} ({Table.Number(ofBare.Low)}–{Table.Number(ofBare.High)})",
                Marten =
                    $"{Table.Rate(Slice.Of(contest.MartenSlices).PerSecond)}/s, {Table.Number(marten.Median)} of bare; "
                    + $"this {Table.Number(ofMarten.Median, "0.0")} ×",
                Goal = $">= {Table.Number(goal, "0.##")}" + (least > 0 ? $", >= {Table.Number(least, "0.#")} × Marten" : ""),
                Met = ofBare.Median >= goal && ofMarten.Median >= least,
            },
            contest.Shape.Name,
            concurrency,
            ofBare.Median
        );
    }

    static (double Low, double Median, double High) Of(List<Slice> these, List<Slice> those)
    {
        var ratios = these.Zip(those, (a, b) => a.PerSecond / b.PerSecond).Order().ToList();
        return (ratios[0], ratios[ratios.Count / 2], ratios[^1]);
    }

    static Row Row(string work, int concurrency, Slice slice) =>
        new(
            work,
            $"c = {concurrency}",
            $"{Table.Rate(slice.PerSecond)}/s",
            Table.Number(slice.P50),
            Table.Number(slice.P99),
            Server: Table.Rate(slice.Cpu.Server * 1e6 / slice.Commands),
            Client: Table.Rate(slice.Cpu.Client * 1e6 / slice.Commands)
        );
}
