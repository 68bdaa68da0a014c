using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>Facts that a context could not process: shown, tried again, or given up with a reason.</summary>
public static class DeadLetters
{
    private static readonly string[] Columns = ["eventId", "contract", "state", "subject", "error", "why"];

    public static async Task<int> List(Api api, bool json, CancellationToken ct)
    {
        var (letters, silent) = await All(api, ct);
        var table = new Table().AddColumns(["context", .. Columns]);
        foreach (var (part, letter) in letters)
            table.AddRow([part.Name.EscapeMarkup(), .. Columns.Select(column => (letter[column]?.ToString() ?? "").EscapeMarkup())]);
        if (json)
            Look.Json(letters.Select(entry => new { context = entry.Part.Name, letter = entry.Letter }));
        else if (letters.Count == 0)
            AnsiConsole.WriteLine(None(silent));
        else
            AnsiConsole.Write(table);
        foreach (var part in silent)
            await Console.Error.WriteLineAsync($"{part.Name} does not answer: its dead letters are not shown");
        return silent.Count > 0 || letters.Any(entry => entry.Letter["state"]?.GetValue<string>() == "dead") ? 1 : 0;
    }

    /// <summary>What is said when no room that answers has one.</summary>
    public static string None(IReadOnlyList<Part> silent) =>
        silent.Count == 0 ? "no dead letters"
        : Part.Contexts.Except(silent).ToList() is { Count: > 0 } answering
            ? $"no dead letters in {string.Join(", ", answering.Select(part => part.Name))}"
        : "no room answers";

    /// <param name="id">An event id, or <c>all</c>.</param>
    public static async Task<int> Decide(Api api, string id, string verb, object body, CancellationToken ct)
    {
        var (letters, silent) = await All(api, ct);
        foreach (var part in silent)
            await Console.Error.WriteLineAsync($"{part.Name} does not answer: its dead letters wait");
        var chosen = letters
            .Where(entry =>
                entry.Letter["state"]?.GetValue<string>() == "dead" && (id == "all" || entry.Letter["eventId"]?.GetValue<string>() == id)
            )
            .ToList();
        if (chosen.Count == 0)
            throw new CrmException(id == "all" ? None(silent) : $"{id} is no dead letter (parked facts follow the one they wait for)");
        foreach (var (part, letter) in chosen)
        {
            var answer = await api.Post($"{part.ApiPath}/dead-letters/{letter["eventId"]}/{verb}", body, ct);
            AnsiConsole.WriteLine($"{part.Name}: {answer?["processed"]} facts were processed");
        }
        return 0;
    }

    /// <summary>The letters of all rooms that answer, and the rooms that do not.</summary>
    private static async Task<(List<(Part Part, JsonNode Letter)> Letters, List<Part> Silent)> All(Api api, CancellationToken ct)
    {
        var (letters, silent) = (new List<(Part, JsonNode)>(), new List<Part>());
        foreach (var part in Part.Contexts)
            try
            {
                string? after = null;
                do
                {
                    var page = await api.Get(
                        $"{part.ApiPath}/dead-letters?limit=200{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}",
                        ct
                    );
                    letters.AddRange(page["items"]!.AsArray().Select(letter => (part, letter!)));
                    after = page["next"]?.GetValue<string>();
                } while (after is not null);
            }
            catch (CrmException away) when (away.Status is 502 or 503 or 504)
            {
                silent.Add(part);
            }
        return (letters, silent);
    }
}
