using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.ServiceDeskBenchmarks;

static class Bench
{
    static async Task<int> Main(string[] args)
    {
        if (Settings.Parse(args) is not { } settings)
        {
            Console.Error.WriteLine("usage: ./crm bench service-desk [--quick] [--events TICKETS] [row…]");
            return 2;
        }
        Rows.Configure();
        var rows = new List<Row>();
        var machine = "";
        var database = await Database.Create();
        await Cpu.Find(database);
        try
        {
            machine = await Machine.Describe(database);
            await Figures.Measure(database, settings, rows);
            await Surveys.Measure(database, settings, rows);
            await Imports.Measure(settings, rows);
        }
        finally
        {
            await database.Drop();
            Console.WriteLine(
                $"{machine}\n\n{Table.Render(rows)}\n\n{rows.Count(r => r.Met == true)} goals met, {rows.Count(r => r.Met == false)} missed"
            );
        }
        return 0;
    }
}
