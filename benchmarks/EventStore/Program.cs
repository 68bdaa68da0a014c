using CrmPlatform.EventStoreBenchmarks;

if (args is [OtherProcess.Argument])
{
    await OtherProcess.Run();
    return 0;
}
if (Settings.Parse(args) is not { } settings)
{
    Console.Error.WriteLine("usage: ./crm bench event-store [--quick] [--events N] [row…]   rows are named by a word of their name");
    return 2;
}

var rows = new List<Row>();
string machine = "";
try
{
    await Parts();
}
finally // what was measured before something failed is worth seeing
{
    Console.WriteLine(machine);
    Console.WriteLine();
    Console.WriteLine(Table.Render(rows));
    Console.WriteLine();
    Console.WriteLine($"{rows.Count(r => r.Met == true)} goals met, {rows.Count(r => r.Met == false)} missed");
}
return 0;

async Task Parts()
{
    await Part(
        "appends",
        async database =>
        {
            machine = await Machine.Describe(database);
            using var marten = await MartenShapes.Create(database);
            var (make, ratios) = (new Shapes(database, marten), new Ratios(database, settings));
            Shape[] single = [make.New(), make.Existing(), make.Cold(), make.Cached(), await make.Inline()];
            Shape[] wanted = [.. single.Where(s => settings.Wants(s.Name))];
            var small = await Appends();
            rows.AddRange(small.Select(o => o.Row));
            if (make.Import() is var import && settings.Wants(import.Name))
                rows.AddRange((await ratios.Run([import], 1)).Select(o => o.Row));
            if (settings.Wants(HotStream.Work))
                rows.Add(await HotStream.Run(database, marten, settings));
            if (settings.Wants(LongStream.Work))
                rows.AddRange(await LongStream.Run(database));
            if (settings.Events is not { } events || wanted.Length == 0)
                return;

            await Seed.Fill(events);
            foreach (var o in await Appends())
                if (small.Find(s => s.Name == o.Name && s.Concurrency == o.Concurrency) is { } before)
                    rows.Add(
                        o.Row with
                        {
                            At = $"{o.Row.At}, {events:N0} events",
                            Ratio = $"{o.Row.Ratio}; before {Table.Number(before.Ratio)}",
                            Goal = ">= 0.8 of before",
                            Met = o.Ratio >= 0.8 * before.Ratio,
                        }
                    );

            async Task<List<Ratios.Outcome>> Appends()
            {
                var all = new List<Ratios.Outcome>();
                foreach (var concurrency in Settings.Concurrencies)
                    all.AddRange(await ratios.Run(wanted, concurrency));
                return all;
            }
        }
    );
    if (new[] { Delays.SameProcess, Delays.OtherProcess, Delays.Burned, Delays.Held }.Any(settings.Wants))
        await Part("delays", async database => rows.AddRange(await new Delays(database, settings).Run()));
    if (settings.Wants(Rebuilds.CatchUp) || settings.Wants(Rebuilds.Rebuild))
        await Part("catch-up and rebuild", async database => rows.AddRange(await new Rebuilds(database, settings).Run()));
    if (settings.Wants(Size.Work))
        await Part("size", async database => rows.Add(await Size.Run(database)));
}

static async Task Part(string name, Func<Database, Task> run)
{
    Console.Error.WriteLine($"bench: {name}");
    var database = await Database.Create();
    await Cpu.Find(database);
    try
    {
        await run(database);
    }
    finally
    {
        await database.Drop();
    }
}
