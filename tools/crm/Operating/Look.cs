using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>The small verbs: one call each.</summary>
public static class Look
{
    public static readonly Argument<string> Customer = new("id") { Description = "a customer's id, or system:value of an external id" };
    public static readonly Argument<string> Folder = new("folder") { Description = "a backup" };
    public static readonly Argument<string?> Part = new("part")
    {
        Description = "one of the programs; all when left out",
        Arity = ArgumentArity.ZeroOrOne,
    };
    public static readonly Argument<string> Program = new("part") { Description = "one of the programs" };
    public static readonly Option<bool> Follow = new("--follow", "-f") { Description = "go on showing what is added" };
    public static readonly Option<string?> Erasures = new("--erasures")
    {
        Description = "the newest list of the forgotten, where this machine does not have it; none where there is none",
    };
    public static readonly Option<bool> Yes = new("--yes") { Description = "do not ask" };

    // Names are shown as they are written, not as \u escapes.
    public static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Json(object rows) => Console.WriteLine(JsonSerializer.Serialize(rows, JsonRows));

    static readonly JsonSerializerOptions JsonRows = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task<int> Portrait(Call call, CancellationToken ct)
    {
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var id = await Resolve(api, call.Arguments.GetValue(Customer)!, ct);
        Console.WriteLine((await api.Get($"/api/customers/{id}/portrait?include=profile", ct)).ToJsonString(Readable));
        Console.Error.WriteLine($"as a page: {call.Instance.Called}portraits/{id}");
        return 0;
    }

    public static async Task<int> Forget(Call call, CancellationToken ct)
    {
        using var api = await Api.As(Client.Demo, call.Instance, call.Secrets, ct);
        var id = await Resolve(api, call.Arguments.GetValue(Customer)!, ct);
        call.Confirm(Yes, $"Destroy all that names customer {id}, and those who are merged with it? This cannot be undone.");
        await api.Post($"/api/customers/{id}/forget", new { reason = "request", group = true }, ct);
        // Elsewhere whoever makes the backups keeps that list.
        if (Instance.Elsewhere is null)
            await new ErasureList(call.Instance).Refresh(ct);
        Console.WriteLine($"{id} is forgotten; GET /api/customers/{id}/erasure tells which services have answered");
        return 0;
    }

    public static async Task<int> Logs(Call call, CancellationToken ct)
    {
        var parts = call.Arguments.GetValue(Part) is { } name ? [CrmPlatform.Crm.Part.Named(name)] : CrmPlatform.Crm.Part.All;
        var files = parts.Select(call.Instance.LogOf).Where(File.Exists).ToArray();
        if (files.Length == 0)
            throw new CrmException("nothing was started yet");
        var start = new System.Diagnostics.ProcessStartInfo(
            "tail",
            [.. call.Arguments.GetValue(Follow) ? ["-F"] : Array.Empty<string>(), "-q", "-n", files.Length == 1 ? "100" : "20", .. files]
        )
        {
            RedirectStandardOutput = true,
        };
        using var tail = System.Diagnostics.Process.Start(start)!;
        while (await tail.StandardOutput.ReadLineAsync(ct) is { } line)
            Console.WriteLine(call.Json ? line : LogLine.Readable(line));
        await tail.WaitForExitAsync(ct);
        return tail.ExitCode;
    }

    public static Task<int> Restart(Call call, CancellationToken ct) =>
        Verbs.Done(Services.Restart(Crm.Part.Named(call.Arguments.GetValue(Program)!), call.Instance, call.Secrets, ct));

    public static Task<int> StreamAddress(Call call, CancellationToken ct)
    {
        using var broker =
            Broker.Of(call.Instance)
            ?? throw new CrmException("CRM_RABBITMQ_HTTP is not set: the analysts' user is made by whoever runs the broker");
        Console.WriteLine($"{broker.AnalystAddress(call.Secrets)}   queue {Broker.Stream}, argument x-stream-offset: first");
        return Task.FromResult(0);
    }

    public static async Task<int> RefillStream(Api api, CancellationToken ct)
    {
        foreach (var part in CrmPlatform.Crm.Part.Logs)
            await api.Post($"{part.ApiPath}/ops/stream-refill", new { }, ct);
        AnsiConsole.WriteLine("every context writes its public facts to the stream again, from the first one on");
        return 0;
    }

    public static async Task<int> Restored(Call call, CancellationToken ct)
    {
        var folder = Path.GetFullPath(call.Arguments.GetValue(Folder)!);
        Manifest.Read(folder);
        call.Confirm(Yes, $"Replace all data of {call.Instance.Run} by {folder}?");
        var erasures = call.Arguments.GetValue(Erasures);
        return await Restore.From(
            folder,
            erasures is null or Restore.NoneNewer ? erasures : Path.GetFullPath(erasures),
            call.Instance,
            call.Secrets,
            ct
        );
    }

    public static async Task<string> Resolve(Api api, string id, CancellationToken ct)
    {
        if (Guid.TryParse(id, out _))
            return id;
        if (id.Split(':', 2) is not [var system, var value])
            throw new CrmException($"{id} is neither an id nor system:value");
        var found = await api.Post("/api/customers/search", new { externalId = new { system, value } }, ct);
        return found?["items"]?.AsArray().FirstOrDefault()?["id"]?.GetValue<string>() ?? throw new CrmException($"no customer {id}");
    }
}
