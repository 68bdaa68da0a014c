using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.SegmentationBenchmarks;

static class Bench
{
    static async Task<int> Main(string[] args)
    {
        if (Settings.Parse(args) is not { } settings)
        {
            Console.Error.WriteLine("usage: ./crm bench segmentation [--quick] [--events CUSTOMERS] [row…]");
            return 2;
        }
        Rows.Configure();
        var rows = new List<Row>();
        var machine = "";
        try
        {
            await Part(async database =>
            {
                machine = await Machine.Describe(database);
                await Lifetimes.Measure(database, settings, rows);
                await Segments.Measure(database, settings, rows);
                await Runs.Measure(database, settings, rows);
                Grades.Measure(settings, rows);
                await Needs.Measure(database, settings, rows);
            });
            await Part(database => Live.Measure(database, settings, rows));
            await Part(database => Publication.Measure(database, settings, rows));
        }
        finally
        {
            Console.WriteLine(
                $"{machine}\n\n{Table.Render(rows)}\n\n{rows.Count(r => r.Met == true)} goals met, {rows.Count(r => r.Met == false)} missed"
            );
        }
        return 0;
    }

    static async Task Part(Func<Database, Task> measure)
    {
        var database = await Database.Create();
        await Cpu.Find(database);
        try
        {
            await measure(database);
        }
        finally
        {
            await database.Drop();
        }
    }
}
