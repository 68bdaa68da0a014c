using System.Globalization;
using CrmPlatform.Crm;

namespace CrmPlatform.PlatformBenchmarks;

/// <summary>
/// Processor time in seconds, by who used it. On a machine whose processors are all busy this is what requests per second are made of.
/// </summary>
sealed record Used(IReadOnlyDictionary<string, double> Seconds)
{
    public static Used operator +(Used a, Used b) => a.With(b, (mine, other) => mine + other);

    public static Used operator -(Used a, Used b) => a.With(b, (mine, other) => mine - other);

    Used With(Used other, Func<double, double, double> of) =>
        new(Seconds.ToDictionary(mine => mine.Key, mine => of(mine.Value, other.Seconds[mine.Key])));
}

/// <summary>Finds the programs by the files in the run directory.</summary>
sealed class Processors(Instance instance)
{
    const double TicksPerSecond = 100; // USER_HZ: the same on every Linux

    public Used Now()
    {
        var used = new Dictionary<string, double> { ["clients"] = Of(Environment.ProcessId) };
        foreach (var name in Part.All.Select(part => part.Name).Reverse().Append("bare"))
            used[name] = Of(Pid(instance.PathOf($"pid/{name}")));
        var postmaster = Pid(instance.PathOf("pg/data/postmaster.pid"));
        used["PostgreSQL"] = Directory
            .EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var pid) ? Stat(pid) : null)
            .Where(stat => stat?.Parent == postmaster)
            .Sum(stat => stat!.Value.Seconds);
        used["RabbitMQ"] = Of(Pid(instance.PathOf("rmq/pid")));
        return new(used);
    }

    static int Pid(string file) => int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);

    static double Of(int pid) => Stat(pid)?.Seconds ?? throw new CrmException($"process {pid} of the platform has ended");

    /// <summary>Null: the process has ended.</summary>
    static (long Parent, double Seconds)? Stat(int pid)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null;
        }
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(1), (Number(11) + Number(12)) / TicksPerSecond);

        long Number(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
    }
}
