using CrmPlatform.Crm;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>
/// Work beside its yardstick, in alternating slices: the machine's other work moves absolute figures by half within a minute, the ratio of
/// two neighbouring slices hardly. All that have the same yardstick take turns in each round, so that a bad moment hits all of them.
/// </summary>
sealed class Contest(Connections clients, Processors processors, Settings settings)
{
    sealed record Side(Work Work)
    {
        public List<Slice> Bare { get; } = [];
        public List<Slice> Ours { get; } = [];
        public List<double> Settled { get; } = [];
    }

    /// <returns>The yardstick first.</returns>
    public async Task<IReadOnlyList<Row>> Run(Work bare, params Work[] all)
    {
        var sides = all.Where(work => settings.Wants(work.Name)).Select(work => new Side(work)).ToList();
        if (sides.Count == 0 && !settings.Wants(bare.Name))
            return [];
        foreach (var work in sides.Select(side => side.Work).Prepend(bare))
            await Once(work, settings.WarmUp);

        var names = string.Join(", ", sides.Select(side => side.Work.Name).Prepend(bare.Name));
        var alone = new List<Slice>();
        for (var round = 1; round <= settings.Rounds; round++)
        {
            Console.Error.WriteLine($"bench: {names}, round {round} of {settings.Rounds}");
            if (sides.Count == 0)
                alone.Add((await Once(bare, settings.Slice)).Slice);
            foreach (var side in sides)
            {
                side.Bare.Add((await Once(bare, settings.Slice)).Slice);
                var (slice, settled) = await Once(side.Work, settings.Slice);
                side.Ours.Add(slice);
                if (settled is { } time)
                    side.Settled.Add(time.TotalSeconds);
            }
        }
        var yardstick = Slice.Of([.. alone, .. sides.SelectMany(side => side.Bare)]);
        return [new(bare.Name, yardstick, Ratio: "1"), .. sides.Select(Compare)];
    }

    async Task<(Slice Slice, TimeSpan? Settled)> Once(Work work, double seconds)
    {
        var slice = await Slice.Run(clients, processors, work, seconds);
        return (slice, work.Settle is { } settle ? await settle(slice.Requests) : null);
    }

    static Row Compare(Side side)
    {
        var (work, ours) = (side.Work, Slice.Of(side.Ours));
        var ratios = side.Ours.Zip(side.Bare, (a, b) => a.PerSecond / b.PerSecond).Order().ToList();
        var median = ratios[ratios.Count / 2];
        var row = new Row(work.Name, ours, $"{Table.Number(median)} [{Table.Number(ratios[0])}–{Table.Number(ratios[^1])}]");
        if (side.Settled.Count > 0)
            row = row with { Note = $"; all done {Table.Number(Percentile.Of(side.Settled, 50), "0.0")} s later" };
        var goals = new List<(string Text, bool Met)>();
        if (work.Share is { } share)
            goals.Add(($">= {Table.Number(share, "0.##")} of bare", median >= share));
        if (work.Ceiling is { } ceiling)
            goals.Add(($"p99 <= {Table.Number(ceiling, "0.##")}", ours.P99 <= ceiling));
        if (goals.Count == 0)
            return row;
        return row with { Goal = string.Join(", ", goals.Select(goal => goal.Text)), Met = goals.TrueForAll(goal => goal.Met) };
    }
}
