using System.Diagnostics;

namespace CrmPlatform.Crm;

/// <summary>Starts and ends programs, and knows which of them are ours.</summary>
public static class Processes
{
    public static Task<(int Code, string Output)> Run(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken ct
    ) => Run(file, arguments, environment, Environment.CurrentDirectory, ct);

    /// <param name="folder">Where it runs.</param>
    public static async Task<(int Code, string Output)> Run(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string folder,
        CancellationToken ct
    )
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        using var process = Process.Start(start) ?? throw new CrmException($"{file} did not start");
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, (await output + await errors).TrimEnd());
    }

    /// <summary>A session of its own, so that it outlives this command and a Ctrl-C in this terminal; the shell tells its pid.</summary>
    public static async Task Detach(Instance instance, Part part, IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(instance.LogOf(part))!);
        Directory.CreateDirectory(Path.GetDirectoryName(instance.PidOf(part))!);
        var (code, output) = await Run(
            "/bin/sh",
            [
                "-c",
                """umask 077; cd "$1" && { setsid dotnet "$2" </dev/null >>"$3" 2>&1 8>&- 9>&- & echo $!; }""",
                "sh",
                Path.GetDirectoryName(instance.ProgramOf(part))!,
                instance.ProgramOf(part),
                instance.LogOf(part),
            ],
            environment,
            ct
        );
        if (code != 0)
            throw new CrmException($"{part.Name} did not start: {output}");
        await File.WriteAllTextAsync(instance.PidOf(part), output.Trim() + "\n", ct);
    }

    /// <summary>The pid of a program that this instance started and that still runs; null when it does not.</summary>
    public static int? Running(Instance instance, Part part)
    {
        if (!File.Exists(instance.PidOf(part)) || !int.TryParse(File.ReadAllText(instance.PidOf(part)), out var pid))
            return null;
        try
        {
            var mark = $"{PartEnvironment.Mark}={PartEnvironment.MarkOf(instance, part)}";
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').Contains(mark) ? pid : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // no such process any more, or another user's
        }
    }

    /// <summary>Asks it to end; after the grace period it is killed. False when it did not run.</summary>
    public static async Task<bool> Stop(Instance instance, Part part, TimeSpan grace, CancellationToken ct)
    {
        if (Running(instance, part) is not { } pid)
            return false;
        await Signal("TERM", pid, ct);
        var asked = Stopwatch.StartNew();
        while (Running(instance, part) is not null)
        {
            if (asked.Elapsed > grace)
                await Signal("KILL", pid, ct);
            await Task.Delay(50, ct);
        }
        File.Delete(instance.PidOf(part));
        return true;
    }

    private static Task<(int Code, string Output)> Signal(string name, int pid, CancellationToken ct) =>
        Run("/bin/sh", ["-c", "kill -s \"$1\" \"$2\"", "sh", name, $"{pid}"], new Dictionary<string, string>(), ct);
}
