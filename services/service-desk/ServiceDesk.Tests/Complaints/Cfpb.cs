using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CrmPlatform.ServiceDesk.Tests.Imports;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>Complaints of consumers, as the Consumer Financial Protection Bureau of the United States publishes them.</summary>
static partial class Cfpb
{
    /// <param name="Sent">To the company that the complaint is about.</param>
    /// <param name="Response">The company's.</param>
    /// <param name="Timely">Whether the company responded within fifteen days.</param>
    /// <param name="Disputed">Whether the consumer disputed the response; null where the file does not say it.</param>
    public sealed record Row(
        string File,
        string Id,
        DateTimeOffset Received,
        string Product,
        string Issue,
        string Via,
        DateTimeOffset Sent,
        string Response,
        bool Timely,
        bool? Disputed,
        string Narrative
    );

    /// <summary>All complaints of a file, each as a ticket with its history.</summary>
    public static async Task Imported(this DeskFixture desk, string file, Func<Row, object> ticket)
    {
        var tickets = Read().Where(r => r.File == file).Select(r => JsonSerializer.Serialize(ticket(r)));
        var results = await desk.Import(string.Join('\n', tickets), "application/x-ndjson");
        results.Where(r => !r.EndsWith(" recorded", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    public static object Ticket(this Row row, string source, DateTimeOffset at, params object[] history) =>
        new
        {
            source,
            reference = row.Id,
            customerId = NameId.For("consumer", row.Id),
            kind = "complaint",
            category = Code(row.Product),
            channel = Code(row.Via),
            subject = row.Issue,
            occurredAt = at,
            history,
        };

    public static IEnumerable<Row> Read()
    {
        var path = Path.Combine(TestServers.Root, "services/service-desk/ServiceDesk.Tests/data/cfpb.tsv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var c = line.Split('\t');
            yield return new(
                File: c[0],
                Id: c[1],
                Received: Noon(c[2]),
                Product: c[3],
                Issue: c[4],
                Via: c[5],
                Sent: Noon(c[6]),
                Response: c[7],
                Timely: Said(c[8])!.Value,
                Disputed: Said(c[9]),
                Narrative: c[10]
            );
        }

        static DateTimeOffset Noon(string day) => DateTimeOffset.Parse(day + "T12:00Z", CultureInfo.InvariantCulture);

        // One file has Yes and leaves empty what it does not know, the other has true, false, Yes and No.
        static bool? Said(string cell) =>
            cell switch
            {
                "Yes" or "true" => true,
                "No" or "false" => false,
                "" => null,
                _ => throw new FormatException(cell),
            };
    }

    public static string Code(string text) => NoCode().Replace(text.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoCode();
}
