using Npgsql;

namespace CrmPlatform.Crm;

/// <summary>PostgreSQL's own dump and restore programs, the newest that is installed.</summary>
public static class PgTools
{
    public static async Task Run(string program, Instance instance, IEnumerable<string> arguments, CancellationToken ct)
    {
        var admin = new NpgsqlConnectionStringBuilder(instance.PostgresAdmin);
        var (code, output) = await Processes.Run(
            Find(program),
            arguments,
            new Dictionary<string, string>
            {
                ["PGHOST"] = admin.Host!,
                ["PGPORT"] = $"{admin.Port}",
                ["PGUSER"] = admin.Username!,
                ["PGPASSWORD"] = admin.Password ?? "",
            },
            ct
        );
        if (code != 0)
            throw new CrmException($"{program} failed ({code}):\n{output}");
    }

    private static string Find(string program) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var n) ? n : 0)
                .Select(version => Path.Combine(version, "bin", program))
                .FirstOrDefault(File.Exists)
                ?? program
            : program;

    public static NpgsqlDataSource Open(Instance instance, Part part) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(instance.PostgresAdmin) { Database = part.Database, MaxPoolSize = 3 }.ConnectionString
        );
}
