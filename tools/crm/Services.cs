using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>Starts, stops and looks at the programs.</summary>
public static class Services
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public static async Task Up(Instance instance, Secrets secrets, CancellationToken ct)
    {
        await using var alone = await Alone(instance, ct);
        Company.Of(instance).Keep(instance);
        var missing = Part.All.Where(part => Processes.Running(instance, part) is null).ToList();
        if (missing.Count > 0)
        {
            if (missing.FirstOrDefault(part => !File.Exists(instance.ProgramOf(part))) is { } unbuilt)
                throw new CrmException($"{unbuilt.Name} is newer than what runs and is not built: ./crm down && ./crm up takes it over");
            await Migrate.All(instance, secrets, ct);
            foreach (var part in missing)
            {
                await using (var log = new FileStream(Prepared(instance.LogOf(part)), FileMode.OpenOrCreate))
                    if (log.Length > 20_000_000)
                        log.SetLength(0);
                await Processes.Detach(instance, part, PartEnvironment.Of(part, instance, secrets), ct);
            }
        }
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        foreach (var part in Part.All)
            await Ready(http, instance, part, ct);
        AnsiConsole.MarkupLine(
            missing.Count == 0 ? "all programs were running already" : $"started {string.Join(", ", missing.Select(part => part.Name))}"
        );
        AnsiConsole.WriteLine($"gateway: {instance.Gateway}   (API page: {instance.Gateway}docs)");
    }

    /// <summary>Ends one program and starts it again, with the settings and keys of now.</summary>
    public static async Task Restart(Part part, Instance instance, Secrets secrets, CancellationToken ct)
    {
        _ = PartEnvironment.Of(part, instance, secrets); // a wrong setting is told while it still runs
        await Processes.Stop(instance, part, Grace, ct);
        await Up(instance, secrets, ct);
    }

    public static async Task Down(Instance instance, CancellationToken ct)
    {
        // The gateway first: nobody should be let in to a house whose lights go out. The rest may end together.
        var stopped = new List<string>();
        if (await Processes.Stop(instance, Part.Gateway, Grace, ct))
            stopped.Add(Part.Gateway.Name);
        // Also what rooms.json named when it was started, and names no more.
        var names = Directory.Exists(instance.PathOf("pid"))
            ? Directory.GetFiles(instance.PathOf("pid")).Select(file => Path.GetFileName(file)!)
            : [];
        Part[] started =
        [
            .. Part.Contexts,
            .. names.Where(name => Part.All.All(part => part.Name != name)).Select(name => new Part(name, "", "", null)),
        ];
        var ended = await Task.WhenAll(started.Select(part => Processes.Stop(instance, part, Grace, ct)));
        stopped.AddRange(started.Zip(ended).Where(pair => pair.Second).Select(pair => pair.First.Name));
        AnsiConsole.WriteLine(stopped.Count == 0 ? "no service was running" : $"stopped {string.Join(", ", stopped)}");
    }

    /// <summary>Each part's health; 0 when all are well, else 3.</summary>
    public static async Task<int> Status(Instance instance, bool json, CancellationToken ct)
    {
        var table = new Table().AddColumns("part", "health", "where", "");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var rows = await Task.WhenAll([
            Servers.Postgres(instance, ct),
            Servers.RabbitMq(instance, ct),
            .. Part.All.Select(part => HealthOf(http, instance, part, ct)),
        ]);
        if (json)
            Look.Json(
                rows.Select(row => new
                {
                    part = row.Name,
                    health = row.Well
                        ? row.Degraded
                            ? "degraded"
                            : "up"
                        : "down",
                    row.Where,
                    row.Note,
                })
            );
        foreach (var row in rows)
            table.AddRow(
                row.Name,
                row.Well
                    ? row.Degraded
                        ? "[yellow]degraded[/]"
                        : "[green]up[/]"
                    : "[red]down[/]",
                row.Where.EscapeMarkup(),
                row.Note.EscapeMarkup()
            );
        if (!json)
            AnsiConsole.Write(table);
        return rows.All(row => row.Well) ? 0 : 3;
    }

    private static async Task<Health> HealthOf(HttpClient http, Instance instance, Part part, CancellationToken ct)
    {
        var where = instance.AddressOf(part).ToString();
        if (Processes.Running(instance, part) is not { } pid)
            return new(part.Name, false, where, "not running");
        try
        {
            using var answer = await http.GetAsync(new Uri(instance.AddressOf(part), "/health/ready"), ct);
            return Told(await answer.Content.ReadAsStringAsync(ct), new(part.Name, answer.IsSuccessStatusCode, where, $"pid {pid}"));
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return new(part.Name, false, where, $"pid {pid} does not answer");
        }
    }

    /// <summary>Adds what the checks complain about.</summary>
    private static Health Told(string body, Health health)
    {
        if (!body.StartsWith('{'))
            return health with { Degraded = body == "Degraded" };
        var report = JsonNode.Parse(body)!;
        var complaints =
            report["checks"]
                ?.AsObject()
                .Where(check => check.Value?["status"]?.GetValue<string>() != "Healthy")
                .Select(check => $"{check.Key}: {check.Value?["description"]}")
            ?? [];
        return health with
        {
            Degraded = report["status"]?.GetValue<string>() == "Degraded",
            Note = string.Join("; ", complaints.Prepend(health.Note)),
        };
    }

    private static async Task Ready(HttpClient http, Instance instance, Part part, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!(await HealthOf(http, instance, part, ct)).Well)
        {
            if (Processes.Running(instance, part) is null || TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new CrmException(
                    $"{part.Name} did not become ready. The end of {instance.LogOf(part)}:\n"
                        + string.Join('\n', File.ReadLines(instance.LogOf(part)).TakeLast(25).Select(LogLine.Readable))
                );
            await Task.Delay(100, ct);
        }
    }

    /// <summary>Of two people who start the same instance at once, the second waits and finds it started.</summary>
    private static async Task<FileStream> Alone(Instance instance, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return new FileStream(Prepared(instance.PathOf("up.lock")), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(200, ct);
            } // the other one holds it
        }
    }

    private static string Prepared(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }
}

/// <summary>What one part says of itself. Degraded: it serves, but something that it needs is away or late.</summary>
public sealed record Health(string Name, bool Well, string Where, string Note, bool Degraded = false);
