using System.IO.Compression;
using System.Text.Json;

namespace CrmPlatform.ServiceDesk.Tests.Figures;

/// <summary>A published log of 2,000 incidents as tickets of another help desk, with their history.</summary>
static class Incidents
{
    sealed record Row(
        string Number,
        DateTimeOffset Opened,
        DateTimeOffset Updated,
        string State,
        int Reassignments,
        string Caller,
        string Category
    );

    /// <summary>One line of JSON for each incident.</summary>
    /// <param name="kind">Complaints have their last category as their cause.</param>
    public static IEnumerable<string> AsTickets(string kind = "request") =>
        Read().GroupBy(r => r.Number).Select(incident => Ticket([.. incident], kind));

    static string Ticket(Row[] rows, string kind)
    {
        var category = rows[^1].Category == "?" ? "unknown" : "category-" + rows[^1].Category;
        var (state, at, handed, history) = ("active", rows[0].Opened, -1, new List<object>());
        foreach (var row in rows)
        {
            // A few rows are earlier than the row before.
            at = row.Updated > at ? row.Updated : at;
            if (row.Reassignments > handed && state != "closed")
                Tell("assigned", agent: $"group-{handed = row.Reassignments}");
            if (row.State == state)
                continue;
            if (state is "solved" or "closed" && row.State is "active" or "waiting")
                Tell("reopened", reason: "not-solved");
            if (row.State == "closed" && state != "solved")
                Tell("resolved", outcome: "done");
            if (row.State != "active")
                Tell(row.State == "solved" ? "resolved" : row.State, outcome: row.State == "solved" ? "done" : null);
            else if (state == "waiting")
                Tell("resumed");
            state = row.State;
        }
        return JsonSerializer.Serialize(
            new
            {
                source = "incidents",
                reference = rows[0].Number,
                customerId = NameId.For("caller", rows[0].Caller),
                kind,
                category,
                channel = "web",
                subject = "Incident",
                occurredAt = rows[0].Opened,
                history,
            },
            withoutNulls
        );

        void Tell(string what, string? agent = null, string? reason = null, string? outcome = null) =>
            history.Add(
                new
                {
                    @event = what,
                    occurredAt = at,
                    agent,
                    reason,
                    outcome,
                    cause = outcome is null || kind == "request" ? null : category,
                }
            );
    }

    static readonly JsonSerializerOptions withoutNulls = new()
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    static IEnumerable<Row> Read()
    {
        var path = Path.Combine(TestServers.Root, "services/service-desk/ServiceDesk.Tests/data/incidents.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var c = line.Split(',');
            yield return new(c[0], Time(c[1]), Time(c[2]), c[3], int.Parse(c[4], null), c[5], c[6]);
        }

        static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}
